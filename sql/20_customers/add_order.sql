-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, next_label_date
-- requires: avg_order_value_of, avg_days_between_orders_of, sync_dropoffs, cancel_overtaken_tasks

create or replace function trustcart_private.add_order(p_order trustcart.sales_orders)
returns boolean
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    v_known record;
    v_old trustcart.customers;
    v_as_of date;
    v_count integer;
    v_spend numeric;
    v_first date;
    v_last date;
    v_next date;
    v_days integer;
    v_type text;
    v_stage text;
begin
    -- First the lock, so that what is read next cannot change any more.
    select c.* into v_old from trustcart.customers as c where c.id = p_order.customer_id for no key update;
    -- The date is that of business_date(); one statement, since each costs its start and end.
    select
        s as settings,
        (now() at time zone s.time_zone)::date as as_of,
        os.counts,
        exists (
            select from trustcart.customer_dropoff_tracking as d
            where
                d.customer_id = p_order.customer_id
                and (d.closed_on is null or d.closed_on > p_order.order_date or d.close_reason = 'withdrawn')
        ) as has_dropoff,
        exists (
            select from trustcart.crm_call_tasks as t
            where t.customer_id = p_order.customer_id and t.status = 'pending'
        ) as has_task
    into v_known
    from trustcart.settings as s, trustcart.order_statuses as os
    where os.status = p_order.status;
    v_as_of := v_known.as_of;
    if v_old.state_valid_until <= v_as_of or v_old.state_as_of > v_as_of then
        return false;
    end if;

    v_count := v_old.order_count;
    v_spend := v_old.total_spend;
    v_first := v_old.first_order_date;
    v_last := v_old.last_order_date;
    v_next := v_old.next_order_date;
    if v_known.counts and p_order.order_date <= v_as_of then
        v_count := v_count + 1;
        v_spend := v_spend + p_order.total_amount;
        v_first := least(v_first, p_order.order_date);
        v_last := greatest(v_last, p_order.order_date);
    elsif v_known.counts then
        v_next := least(v_next, p_order.order_date);
    end if;
    v_days := v_as_of - v_last;
    v_type := trustcart_private.customer_type_of(v_count, v_spend, v_days, v_known.settings);
    v_stage := trustcart_private.lifecycle_stage_of(v_count, v_days, v_known.settings);

    update trustcart.customers as c
    set
        order_count = v_count,
        total_spend = v_spend,
        first_order_date = v_first,
        last_order_date = v_last,
        next_order_date = v_next,
        customer_type = v_type,
        lifecycle_stage = v_stage,
        priority_level = trustcart_private.priority_level_of(v_days, v_known.settings),
        state_as_of = v_as_of,
        state_valid_until = least(trustcart_private.next_label_date(v_last, v_as_of, v_known.settings), v_next),
        state_revision = c.state_revision + 1
    where c.id = p_order.customer_id;

    update trustcart.customer_behavior as b
    set
        avg_order_value = trustcart_private.avg_order_value_of(v_count, v_spend),
        avg_days_between_orders = trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last),
        refresh_due = true,
        updated_at = now()
    where b.customer_id = p_order.customer_id;
    if not found and v_count > 0 then
        insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
        values (
            p_order.customer_id,
            trustcart_private.avg_order_value_of(v_count, v_spend),
            trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last)
        );
    end if;

    if v_type is distinct from v_old.customer_type or v_stage <> v_old.lifecycle_stage then
        insert into trustcart.customer_state_changes (
            customer_id, attribute, from_value, to_value, business_date, cause
        )
        select
            p_order.customer_id,
            a.attribute,
            a.from_value,
            a.to_value,
            v_as_of,
            'order'
        from (
            values
            ('customer_type', v_old.customer_type, v_type),
            ('lifecycle_stage', v_old.lifecycle_stage, v_stage)
        ) as a (attribute, from_value, to_value)
        where a.from_value is distinct from a.to_value;
    end if;
    if v_known.has_dropoff then
        perform trustcart_private.sync_dropoffs(array[p_order.customer_id], v_as_of);
    end if;
    if v_known.has_task then
        perform trustcart_private.cancel_overtaken_tasks(array[p_order.customer_id]);
    end if;
    return true;
end;
$$;
comment on function trustcart_private.add_order(trustcart.sales_orders) is
'The state of a customer after one new order: what write_customer_state() does for many, in scalar form, since a shop
takes its orders one at a time and planning trees of one row cost more than the work (measured: a third of the time).
Returns false, having locked the customer only, when the state must advance to today first.';
