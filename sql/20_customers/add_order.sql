-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, next_label_date, avg_order_value_of
-- requires: avg_days_between_orders_of, is_history, order_payload_of, log_label_change, close_dropoff, sync_dropoffs
-- requires: cancel_overtaken_tasks, sync_loyalty, redirect_orders

create or replace function trustcart_private.add_order(p_order trustcart.sales_orders)
returns boolean
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old record;  -- the customer before the order, and what the rules ask for
    v_settings trustcart.settings;
    v_as_of date;
    v_counts boolean;
    v_is_news boolean;
    v_added date;
    v_count integer;
    v_spend numeric;
    v_first date;
    v_last date;
    v_next date;
    v_days integer;
    v_type text;
    v_stage text;
    v_average numeric;
    v_gap integer;
    v_found record;
begin
    -- The lock, so that what is read next cannot change any more. The date is that of business_date().
    select
        c.order_count,
        c.total_spend,
        c.first_order_date,
        c.last_order_date,
        c.next_order_date,
        c.customer_type,
        c.lifecycle_stage,
        c.merged_into_id,
        (c.state_valid_until <= d.as_of or c.state_as_of > d.as_of) is true as is_stale,
        d.as_of,
        os.counts,
        s as settings
    into v_old
    from trustcart.settings as s
    cross join lateral (select (now() at time zone s.time_zone)::date as as_of) as d
    inner join trustcart.order_statuses as os on os.status = p_order.status
    inner join trustcart.customers as c on c.id = p_order.customer_id
    for no key update of c;
    if v_old.is_stale then
        return false;
    end if;
    v_as_of := v_old.as_of;
    v_settings := v_old.settings;
    v_counts := v_old.counts;

    v_count := v_old.order_count;
    v_spend := v_old.total_spend;
    v_first := v_old.first_order_date;
    v_last := v_old.last_order_date;
    v_next := v_old.next_order_date;
    if v_counts and p_order.order_date <= v_as_of then
        v_added := p_order.order_date;
        v_count := v_count + 1;
        v_spend := v_spend + p_order.total_amount;
        v_first := least(v_first, v_added);
        v_last := greatest(v_last, v_added);
    elsif v_counts then
        v_next := least(v_next, p_order.order_date);
    end if;
    v_days := v_as_of - v_last;
    v_type := trustcart_private.customer_type_of(v_count, v_spend, v_days, v_settings);
    v_stage := trustcart_private.lifecycle_stage_of(v_count, v_days, v_settings);
    v_average := trustcart_private.avg_order_value_of(v_count, v_spend);
    v_gap := trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last);
    v_is_news := not trustcart_private.is_history(p_order.order_date, v_as_of);

    -- One statement writes and looks up what only concerns some orders: each costs its start and end.
    with written as (
        update trustcart.customers as c
        set
            order_count = v_count,
            total_spend = v_spend,
            first_order_date = v_first,
            last_order_date = v_last,
            next_order_date = v_next,
            customer_type = v_type,
            lifecycle_stage = v_stage,
            priority_level = trustcart_private.priority_level_of(v_days, v_settings),
            state_as_of = v_as_of,
            state_valid_until = least(trustcart_private.next_label_date(v_last, v_as_of, v_settings), v_next),
            state_revision = c.state_revision + 1
        where c.id = p_order.customer_id
    ),

    behaved as (
        update trustcart.customer_behavior as b
        set avg_order_value = v_average, avg_days_between_orders = v_gap, refresh_due = true, updated_at = now()
        where b.customer_id = p_order.customer_id
        returning b.customer_id
    ),

    engaged as (
        insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, response)
        select
            p_order.customer_id,
            'order_placed',
            'website',
            'Order #' || p_order.id || ' placed',
            'positive'
        where v_counts and v_is_news
    ),

    told as (
        insert into trustcart.events (event_type, customer_id, payload)
        select
            'order_placed',
            p_order.customer_id,
            trustcart_private.order_payload_of(
                p_order.id, p_order.order_date, p_order.total_amount, p_order.status
            )
        where v_is_news
    )

    select
        exists (select from behaved as b) as behavior,
        -- 1: the open episode ends; 2: closed ones may begin, end or count otherwise.
        (
            select max(case when d.closed_on is null then 1 else 2 end)
            from trustcart.customer_dropoff_tracking as d
            where
                d.customer_id = p_order.customer_id
                and (
                    d.closed_on is null and d.last_active_date < v_added
                    or d.closed_on > v_added
                    or d.close_reason = 'withdrawn' and v_added is not null
                )
        ) as dropoff,
        -- Pending, in words that only the index on the customer serves: while few calls are pending, or none was when
        -- the plan was made, the planner may take the one on all that is open, and read it with every order.
        exists (
            select
            from trustcart.crm_call_tasks as t
            where
                t.customer_id = p_order.customer_id
                and t.completed_at is null
                and t.closed_at is null
                and t.task_type in ('at_risk', 'repeat_reminder')
        ) as task,
        exists (
            select
            from trustcart.loyalty_tiers as t
            where t.min_spend > v_old.total_spend and t.min_spend <= v_spend
        ) as tier,
        p_order.coupon_code is not null or exists (
            select
            from trustcart.campaign_messages as m
            where m.customer_id = p_order.customer_id and m.sent_at is not null
        ) as message
    into v_found;

    if not v_found.behavior and v_count > 0 then
        insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
        values (p_order.customer_id, v_average, v_gap);
    end if;
    if v_type is distinct from v_old.customer_type or v_stage <> v_old.lifecycle_stage then
        perform trustcart_private.log_label_change(
            p_order.customer_id, v_as_of, v_old.customer_type, v_type, v_old.lifecycle_stage, v_stage, not v_is_news
        );
    end if;
    if v_found.dropoff = 1 then
        perform trustcart_private.close_dropoff(p_order.customer_id, v_added);
    elsif v_found.dropoff > 1 then
        perform trustcart_private.sync_dropoffs(array[p_order.customer_id], v_as_of);
    end if;
    if v_found.task then
        perform trustcart_private.cancel_overtaken_tasks(array[p_order.customer_id]);
    end if;
    if v_found.tier then
        perform trustcart_private.sync_loyalty(
            array[p_order.customer_id],
            v_as_of,
            'order',
            case when v_is_news then '{}' else array[p_order.customer_id] end
        );
    end if;
    if v_found.message then
        perform trustcart_private.attribute_orders(array[p_order.id]);
    end if;
    if v_old.merged_into_id is not null then
        perform trustcart_private.redirect_orders(array[p_order.id]);
    end if;
    return true;
end;
$$;
comment on function trustcart_private.add_order(trustcart.sales_orders) is
'What a single new order means, in scalar form, since plans of one row with joins cost more than the work: state and
behaviour of the customer, history, event, engagement, dropoff episode, overtaken calls, loyalty, attribution. Returns
false, having written nothing, when the customer''s state must advance to today first. Called by the trigger of
sales_orders, with its rights and plan_cache_mode.';
