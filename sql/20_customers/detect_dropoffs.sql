-- requires: require_date, relevel_dropoffs, sync_dropoffs, dropoff_levels, dropoff_reason_of, risk_level_of
-- requires: batch_position, move_batch_position, end_batches

create or replace function trustcart.detect_dropoffs(
    p_as_of date default trustcart.business_date(), p_limit integer default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- A plan for the batch at hand: what suits a thousand customers does not suit all of them.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_name constant text := 'detect_dropoffs';
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_clock trustcart_private.customer_state_clock;
    v_settings trustcart.settings;
    v_closed integer;
    v_raised integer;
    v_opened integer;
    v_levels jsonb;
    v_from bigint := (-9223372036854775808)::bigint;
    v_until bigint := 9223372036854775807;
    v_looked_at bigint;
    v_is_complete boolean := true;
begin
    select k.* into v_clock from trustcart_private.customer_state_clock as k for update;
    select s.* into v_settings from trustcart.settings as s;
    if v_as_of < v_clock.dropoffs_as_of then
        raise exception using
            errcode = 'TC104',
            message = format('dropoffs were detected up to %s already and do not go back to %s',
                v_clock.dropoffs_as_of, v_as_of),
            hint = 'Read a past date with customer_state(date); to replay history from it, run '
            'refresh_customer_state(date, p_rewind => true) first.';
    end if;

    if p_limit is not null then
        v_from := trustcart_private.batch_position(c_name, 'customers', jsonb_build_object('as_of', v_as_of));
        select
            max(n.id),
            count(*)
        into v_until, v_looked_at
        from (
            select c.id
            from trustcart.customers as c
            where c.id > v_from
            order by c.id
            limit p_limit
        ) as n;
        v_is_complete := v_looked_at < p_limit;
        perform trustcart_private.move_batch_position(c_name, 'customers', v_until);
    end if;

    -- Orders close their customers' episodes themselves; those dated ahead of the state do it on their day.
    v_closed := trustcart_private.sync_dropoffs(
        array(
            select d.customer_id
            from trustcart.customer_dropoff_tracking as d
            inner join trustcart.customers as c on d.customer_id = c.id
            where
                d.closed_on is null
                and d.customer_id > v_from
                and d.customer_id <= v_until
                -- The planner does not carry the bounds over, and would read all customers for each batch.
                and c.id > v_from
                and c.id <= v_until
                and (
                    c.state_as_of > v_as_of
                    or c.next_order_date <= v_as_of
                    or c.last_order_date > d.last_active_date
                )
            order by d.customer_id
        ),
        v_as_of
    );
    v_raised := trustcart_private.relevel_dropoffs(v_as_of, v_from, v_until);

    -- An order that is being placed right now either waits for the episode and closes it, or prevents it.
    perform c.id
    from trustcart.customers as c
    where
        c.id > v_from
        and c.id <= v_until
        and c.last_order_date < v_as_of - v_settings.dropoff_low_after_days
        and not exists (
            select
            from trustcart.customer_dropoff_tracking as d
            where d.customer_id = c.id and d.last_active_date = c.last_order_date
        )
    order by c.id
    for no key update;

    with silences as (
        -- Those that last.
        select
            c.id as customer_id,
            l.last_order_date as last_active_date,
            null::date as closed_on,
            v_as_of as last_silent_date
        from trustcart.customers as c
        left join lateral (
            -- Where the maintained date does not speak of p_as_of, the orders do.
            select max(so.order_date) as order_date
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status and os.counts
            where
                so.customer_id = c.id
                and so.order_date <= v_as_of
                and (c.last_order_date > v_as_of or c.next_order_date <= v_as_of)
        ) as counted on true
        cross join lateral (
            select
                case
                    when c.last_order_date > v_as_of or c.next_order_date <= v_as_of then counted.order_date
                    else c.last_order_date
                end as last_order_date
        ) as l
        where c.id > v_from and c.id <= v_until
        union all
        -- Those that began and ended on days for which the job did not run.
        select distinct
            so.customer_id,
            former.order_date,
            so.order_date,
            so.order_date - 1
        from trustcart.sales_orders as so
        inner join trustcart.order_statuses as os on so.status = os.status and os.counts
        cross join lateral (
            select max(f.order_date) as order_date
            from trustcart.sales_orders as f
            inner join trustcart.order_statuses as fs on f.status = fs.status and fs.counts
            where f.customer_id = so.customer_id and f.order_date < so.order_date
        ) as former
        where
            v_as_of > v_clock.dropoffs_as_of + 1
            and so.customer_id > v_from
            and so.customer_id <= v_until
            and so.order_date between v_clock.dropoffs_as_of + 2 and v_as_of
            and former.order_date + v_settings.dropoff_low_after_days + 1
            between v_clock.dropoffs_as_of + 1 and so.order_date - 1
    ),

    episodes as (
        select
            s.*,
            t.risk_level,
            t.after_days,
            exists (
                select
                from trustcart.customer_interactions as i
                where
                    i.customer_id = s.customer_id
                    and i.direction = 'outbound'
                    and (i.interaction_date at time zone v_settings.time_zone)::date
                    between s.last_active_date + v_settings.dropoff_low_after_days + 1
                    and coalesce(s.closed_on, v_as_of)
            ) as was_attempted
        from silences as s
        inner join trustcart_private.dropoff_levels(v_settings) as t
            on t.risk_level = trustcart_private.risk_level_of(s.last_silent_date - s.last_active_date, v_settings)
        where
            not exists (
                select
                from trustcart.customer_dropoff_tracking as d
                where d.customer_id = s.customer_id and d.last_active_date = s.last_active_date
            )
    )

    insert into trustcart.customer_dropoff_tracking (
        customer_id, last_active_date, days_inactive, risk_level, reason, opened_on, level_as_of,
        recovery_attempted, closed_on, close_reason, recovery_successful
    )
    select
        e.customer_id,
        e.last_active_date,
        e.after_days + 1,
        e.risk_level,
        trustcart_private.dropoff_reason_of(e.after_days),
        e.last_active_date + v_settings.dropoff_low_after_days + 1,
        e.last_active_date + e.after_days + 1,
        e.was_attempted,
        e.closed_on,
        case when e.closed_on is not null then 'order' end,
        e.was_attempted and e.closed_on is not null
    from episodes as e
    order by e.customer_id, e.last_active_date
    on conflict (customer_id, last_active_date) do nothing;
    get diagnostics v_opened = row_count;

    if v_is_complete then
        perform trustcart_private.end_batches(c_name);
        update trustcart_private.customer_state_clock as k
        set dropoffs_as_of = v_as_of
        where k.dropoffs_as_of is distinct from v_as_of;
        select jsonb_object_agg(d.risk_level, d.episodes)
        into v_levels
        from (
            select
                e.risk_level,
                count(*) as episodes
            from trustcart.customer_dropoff_tracking as e
            where e.closed_on is null
            group by e.risk_level
        ) as d;
    end if;
    return jsonb_build_object(
        'as_of', v_as_of, 'opened', v_opened, 'raised', v_raised, 'closed', v_closed,
        'open', coalesce(v_levels, '{}'), 'is_complete', v_is_complete
    );
end;
$$;
comment on function trustcart.detect_dropoffs(date, integer) is
'Daily job (guide: "At-Risk Customer Detection"): opens an episode for every customer silent for longer than the first
threshold and gives the open ones the level of p_as_of. Run again, it writes nothing. Moves forward only (TC104).
p_limit: looks at so many customers in this call; while is_complete is false, the next call goes on from there. Without
it all in one transaction. Returns {"as_of", "opened", "raised", "closed", "open": {level: episodes}, told at the end,
"is_complete"}.';
