-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, next_label_date
-- requires: avg_order_value_of, avg_days_between_orders_of, sync_dropoffs, sync_loyalty, is_history

create or replace function trustcart_private.write_customer_state(
    p_figures trustcart_private.customer_figures[],
    p_as_of date,
    p_cause text,
    p_are_increments boolean default false,
    p_history_ids bigint[] default '{}'
)
returns bigint[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- One plan for one order and for a COPY of them: the first caller's row count must not choose it for the session.
set plan_cache_mode = force_generic_plan
as $$
declare
    v_written bigint[];
    v_relabelled trustcart_private.customer_figures[];
    v_behaviors integer;
    v_has_dropoff boolean;
    v_moved bigint[];
    -- A replay of past days is no news.
    v_is_news boolean := p_cause <> 'rewind' and not trustcart_private.is_history(p_as_of, trustcart.business_date());
begin
    with figures as (
        select
            c.id,
            case when p_are_increments then c.order_count + f.order_count else f.order_count end as order_count,
            c.total_spend as from_spend,
            case when p_are_increments then c.total_spend + f.total_spend else f.total_spend end as total_spend,
            case
                when p_are_increments then least(c.first_order_date, f.first_order_date) else f.first_order_date
            end as first_order_date,
            case
                when p_are_increments then greatest(c.last_order_date, f.last_order_date) else f.last_order_date
            end as last_order_date,
            case
                when p_are_increments then least(c.next_order_date, f.next_order_date) else f.next_order_date
            end as next_order_date,
            case when p_are_increments then c.customer_type else f.from_type end as from_type,
            case when p_are_increments then c.lifecycle_stage else f.from_stage end as from_stage
        from unnest(p_figures) as f
        -- The caller's lock, once more: it keeps this a look-up by key, whatever the size of the table at planning.
        cross join lateral (
            select k.*
            from trustcart.customers as k
            where
                k.id = f.customer_id
                and (not p_are_increments or (k.state_valid_until > p_as_of) is not false and k.state_as_of <= p_as_of)
            for no key update
        ) as c
    ),

    written as (
        update trustcart.customers as c
        set
            order_count = f.order_count,
            total_spend = f.total_spend,
            first_order_date = f.first_order_date,
            last_order_date = f.last_order_date,
            next_order_date = f.next_order_date,
            customer_type = trustcart_private.customer_type_of(
                f.order_count, f.total_spend, p_as_of - f.last_order_date, s
            ),
            lifecycle_stage = trustcart_private.lifecycle_stage_of(f.order_count, p_as_of - f.last_order_date, s),
            priority_level = trustcart_private.priority_level_of(p_as_of - f.last_order_date, s),
            state_as_of = p_as_of,
            state_valid_until = least(
                trustcart_private.next_label_date(f.last_order_date, p_as_of, s), f.next_order_date
            ),
            state_revision = c.state_revision + 1
        from figures as f, trustcart.settings as s
        where c.id = f.id
        returning
            c.id,
            c.order_count,
            c.total_spend,
            c.first_order_date,
            c.last_order_date,
            f.from_spend,
            f.from_type,
            f.from_stage,
            c.customer_type is distinct from f.from_type or c.lifecycle_stage <> f.from_stage as is_relabelled
    ),

    -- The cheap figures of the behaviour hang on the same facts; what needs the items waits for its job.
    behaved as (
        update trustcart.customer_behavior as b
        set
            avg_order_value = trustcart_private.avg_order_value_of(w.order_count, w.total_spend),
            avg_days_between_orders = trustcart_private.avg_days_between_orders_of(
                w.order_count, w.first_order_date, w.last_order_date
            ),
            refresh_due = true,
            updated_at = now()
        from written as w
        where p_cause in ('order', 'rewind') and b.customer_id = w.id
        returning b.customer_id
    )

    select
        coalesce(array_agg(w.id), '{}'),
        array_agg(
            row(w.id, null, null, null, null, null, w.from_type, w.from_stage)::trustcart_private.customer_figures
        ) filter (where w.is_relabelled),
        (select count(*) from behaved as b),
        bool_or(exists (select from trustcart.customer_dropoff_tracking as d where d.customer_id = w.id)),
        array_agg(w.id order by w.id) filter (
            where exists (
                select
                from trustcart.loyalty_tiers as t
                where
                    t.min_spend > least(w.from_spend, w.total_spend)
                    and t.min_spend <= greatest(w.from_spend, w.total_spend)
            )
        )
    into v_written, v_relabelled, v_behaviors, v_has_dropoff, v_moved
    from written as w;

    if v_relabelled is not null then
        with changes as (
            insert into trustcart.customer_state_changes (
                customer_id, attribute, from_value, to_value, business_date, cause
            )
            select
                c.id,
                a.attribute,
                a.from_value,
                a.to_value,
                p_as_of,
                p_cause
            from unnest(v_relabelled) as f
            inner join trustcart.customers as c on f.customer_id = c.id
            cross join lateral (
                values
                ('customer_type', f.from_type, c.customer_type),
                ('lifecycle_stage', f.from_stage, c.lifecycle_stage)
            ) as a (attribute, from_value, to_value)
            where a.from_value is distinct from a.to_value
            order by c.id, a.attribute
            returning id, customer_id, attribute, from_value, to_value, business_date
        )

        insert into trustcart.events (event_type, customer_id, payload)
        select
            'lifecycle_stage_changed',
            h.customer_id,
            jsonb_build_object(
                'from', h.from_value, 'to', h.to_value, 'business_date', h.business_date, 'cause', p_cause
            )
        from changes as h
        where
            h.attribute = 'lifecycle_stage'
            and v_is_news
            -- Hashed, whatever the planner thinks of its length; of a join it made loops over tens of thousands of ids.
            and h.customer_id not in (select i.id from unnest(p_history_ids) as i (id))
        order by h.id;
    end if;
    if v_moved is not null then
        perform trustcart_private.sync_loyalty(v_moved, p_as_of, p_cause, p_history_ids);
    end if;

    if p_cause in ('order', 'rewind') then
        if v_behaviors < cardinality(v_written) then
            insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
            select
                c.id,
                trustcart_private.avg_order_value_of(c.order_count, c.total_spend),
                trustcart_private.avg_days_between_orders_of(c.order_count, c.first_order_date, c.last_order_date)
            from trustcart.customers as c
            where c.id = any(v_written) and c.order_count > 0
            order by c.id
            on conflict (customer_id) do nothing;
        end if;
        if v_has_dropoff then
            perform trustcart_private.sync_dropoffs(v_written, p_as_of);
        end if;
    end if;
    return v_written;
end;
$$;
comment on function trustcart_private.write_customer_state(
    trustcart_private.customer_figures[], date, text, boolean, bigint[]
) is
'Writes the state of customers from their figures: labels, validity, history, loyalty, the cheap figures of the
behaviour, dropoff episodes; tells the event feed of changed stages, but for p_history_ids, whose orders are history.
The caller has locked the customers in a statement before, so that what others wrote of them is seen. Figures are
absolute, or increments: these are added to the rows, except to rows that must advance to p_as_of first. Returns the ids
written.';
