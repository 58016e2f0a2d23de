-- requires: write_customer_state, advance_customer_state, recomputed_figures, lock_customers, cancel_overtaken_tasks

create or replace function trustcart.update_customer_lifecycle()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    v_as_of date;
    v_ids bigint[];
    v_increments trustcart_private.customer_figures[];
    v_stale bigint[];
    v_new_ids bigint[] := array[]::bigint[];
    v_former trustcart.sales_orders[] := array[]::trustcart.sales_orders[];
    v_first trustcart.sales_orders[];
begin
    if tg_op = 'INSERT' then
        -- A shop takes its orders one at a time: that one goes the short way.
        v_first := array(select n::trustcart.sales_orders from new_rows as n limit 2);
        if cardinality(v_first) = 0 then
            return null;
        elsif cardinality(v_first) = 1 and trustcart_private.add_order(v_first[1]) then
            return null;
        end if;
    end if;

    v_as_of := trustcart.business_date();
    if tg_op = 'INSERT' then
        -- Every customer of the statement, in id order, with what the new orders add to the figures.
        v_increments := array(
            select
                row(
                    n.customer_id,
                    count(*) filter (where os.counts and n.order_date <= v_as_of),
                    coalesce(sum(n.total_amount) filter (where os.counts and n.order_date <= v_as_of), 0),
                    min(n.order_date) filter (where os.counts and n.order_date <= v_as_of),
                    max(n.order_date) filter (where os.counts and n.order_date <= v_as_of),
                    min(n.order_date) filter (where os.counts and n.order_date > v_as_of),
                    null,
                    null
                )::trustcart_private.customer_figures
            from new_rows as n
            inner join trustcart.order_statuses as os on n.status = os.status
            group by n.customer_id
            order by n.customer_id
        );
        v_ids := trustcart_private.write_customer_state(v_increments, v_as_of, 'order', true);
        if exists (
            select from trustcart.crm_call_tasks as t where t.customer_id = any(v_ids) and t.status = 'pending'
        ) then
            perform trustcart_private.cancel_overtaken_tasks(v_ids);
        end if;
        if cardinality(v_ids) = cardinality(v_increments) then
            return null;
        end if;
        select
            array_agg(n.id),
            array_agg(n.customer_id)
        into v_new_ids, v_ids
        from new_rows as n
        where not n.customer_id = any(v_ids);
    elsif tg_op = 'UPDATE' then
        select
            array_agg(n.id),
            array_agg(o::trustcart.sales_orders),
            array_agg(n.customer_id) || array_agg(o.customer_id)
        into v_new_ids, v_former, v_ids
        from new_rows as n
        full join old_rows as o on n.id = o.id
        where
            (n.customer_id, n.order_date, n.ordered_at, n.total_amount, n.status, n.payment_method)
            is distinct from (o.customer_id, o.order_date, o.ordered_at, o.total_amount, o.status, o.payment_method);
    elsif tg_op = 'DELETE' then
        select
            array_agg(o::trustcart.sales_orders),
            array_agg(o.customer_id)
        into v_former, v_ids
        from old_rows as o;
    else
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where c.order_count > 0 or c.next_order_date is not null
        );
    end if;

    v_ids := array(select distinct i.id from unnest(v_ids) as i (id) where i.id is not null);
    if v_ids = '{}' then
        return null;
    end if;
    perform trustcart_private.lock_customers(v_ids);

    -- A state that was refreshed to a later date stays there.
    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);

    -- Days that no job has counted yet pass first, over the orders as they were.
    if tg_op <> 'TRUNCATE' then
        v_stale := array(
            select c.id
            from trustcart.customers as c
            where c.id = any(v_ids) and c.state_valid_until <= v_as_of
        );
        if v_stale <> '{}' then
            perform trustcart_private.advance_customer_state(
                v_stale, v_as_of, s, array_remove(v_new_ids, null), array_remove(v_former, null)
            )
            from trustcart.settings as s;
        end if;
    end if;

    perform trustcart_private.write_customer_state(
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order'
    );
    if tg_op in ('INSERT', 'UPDATE') then
        perform trustcart_private.cancel_overtaken_tasks(v_ids);
    end if;
    return null;
end;
$$;
comment on function trustcart.update_customer_lifecycle() is
'Trigger of sales_orders, statement-level: keeps the state of the customers concerned right in the same transaction.
New orders add to the figures; changed, moved and withdrawn ones are counted afresh. The guide''s name.';
