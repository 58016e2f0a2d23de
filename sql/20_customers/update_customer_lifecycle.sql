-- requires: add_order, write_customer_state, advance_customer_state, recomputed_figures, lock_customers
-- requires: cancel_overtaken_tasks, is_history, order_payload_of, redirect_orders

create or replace function trustcart.update_customer_lifecycle()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_as_of date;
    v_ids bigint[];
    v_increments trustcart_private.customer_figures[];
    v_stale bigint[];
    v_history_ids bigint[] := array[]::bigint[];
    v_attributed bigint[];
    v_new_ids bigint[] := array[]::bigint[];
    v_former trustcart.sales_orders[] := array[]::trustcart.sales_orders[];
    -- An INSERT ... ON CONFLICT DO UPDATE is told of its edited orders first, and then of its new ones, which the count
    -- of the edited has taken in already: adding them would count them twice.
    v_is_recounted constant boolean := current_setting('trustcart.orders_recounted', true) = 'on';
begin
    if v_is_recounted then
        perform set_config('trustcart.orders_recounted', '', true);
    end if;
    -- A shop takes its orders one at a time.
    if tg_op = 'INSERT' and v_is_recounted is not true then
        if (
            select trustcart_private.add_order(n::trustcart.sales_orders)
            from new_rows as n
            where (select count(*) from (select from new_rows as x limit 2) as x) = 1
        ) then
            return null;
        end if;
    end if;

    -- What happened is told; v_ids become the customers whose figures must be counted afresh.
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
        if v_increments = '{}' then
            return null;
        end if;
        -- A customer with one old order among the new ones is being imported.
        v_history_ids := array(
            select distinct n.customer_id
            from new_rows as n
            where trustcart_private.is_history(n.order_date, v_as_of)
        );
        if v_is_recounted then
            v_ids := array[]::bigint[];
        else
            perform trustcart_private.lock_customers(array(select n.customer_id from new_rows as n));
            v_ids := trustcart_private.write_customer_state(v_increments, v_as_of, 'order', true, v_history_ids);
        end if;
        if exists (
            select from trustcart.crm_call_tasks as t where t.customer_id = any(v_ids) and t.status = 'pending'
        ) then
            perform trustcart_private.cancel_overtaken_tasks(v_ids);
        end if;
        with engaged as (
            insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, response)
            select
                n.customer_id,
                'order_placed',
                'website',
                'Order #' || n.id || ' placed',
                'positive'
            from new_rows as n
            inner join trustcart.order_statuses as os on n.status = os.status
            where os.counts and not trustcart_private.is_history(n.order_date, v_as_of)
        )

        insert into trustcart.events (event_type, customer_id, payload)
        select
            'order_placed',
            n.customer_id,
            trustcart_private.order_payload_of(n.id, n.order_date, n.total_amount, n.status)
        from new_rows as n
        where not trustcart_private.is_history(n.order_date, v_as_of);

        -- Left are those whose state must advance to today first.
        select
            array_agg(n.id),
            array_agg(n.customer_id)
        into v_new_ids, v_ids
        from new_rows as n
        where n.customer_id not in (select w.id from unnest(v_ids) as w (id));
    elsif tg_op = 'UPDATE' then
        select
            array_agg(n.id),
            array_agg(o::trustcart.sales_orders),
            array_agg(n.customer_id) || array_agg(o.customer_id)
        into v_new_ids, v_former, v_ids
        from new_rows as n
        full join old_rows as o on n.id = o.id
        where
            (
                n.customer_id, n.order_date, n.ordered_at, n.total_amount, n.status, n.payment_method, n.coupon_code
            ) is distinct from (
                o.customer_id, o.order_date, o.ordered_at, o.total_amount, o.status, o.payment_method, o.coupon_code
            );
        insert into trustcart.events (event_type, customer_id, payload)
        select
            case
                when n.id is null then 'order_withdrawn'
                when o.id is null then 'order_placed'
                else 'order_changed'
            end,
            coalesce(n.customer_id, o.customer_id),
            trustcart_private.order_payload_of(
                coalesce(n.id, o.id),
                coalesce(n.order_date, o.order_date),
                coalesce(n.total_amount, o.total_amount),
                coalesce(n.status, o.status)
            )
            || case
                when n.id = o.id
                    then
                        jsonb_build_object(
                            'before', jsonb_build_object(
                                'customer_id', o.customer_id,
                                'order_date', o.order_date,
                                'total_amount', o.total_amount,
                                'status', o.status
                            )
                        )
                else '{}'
            end
        from new_rows as n
        full join old_rows as o on n.id = o.id
        where
            (n.customer_id, n.order_date, n.total_amount, n.status)
            is distinct from (o.customer_id, o.order_date, o.total_amount, o.status);
        -- An order that counts at last is placed now, unless it counted before.
        insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, response)
        select
            n.customer_id,
            'order_placed',
            'website',
            'Order #' || n.id || ' placed',
            'positive'
        from new_rows as n
        inner join old_rows as o on n.id = o.id
        inner join trustcart.order_statuses as ns on n.status = ns.status and ns.counts
        inner join trustcart.order_statuses as os on o.status = os.status and not os.counts
        where
            not trustcart_private.is_history(n.order_date, v_as_of)
            and not exists (
                select
                from trustcart.customer_engagement_history as e
                where
                    e.customer_id = n.customer_id
                    and e.engagement_type = 'order_placed'
                    and e.content = 'Order #' || n.id || ' placed'
            );
    elsif tg_op = 'DELETE' then
        select
            array_agg(o::trustcart.sales_orders),
            array_agg(o.customer_id)
        into v_former, v_ids
        from old_rows as o;
        insert into trustcart.events (event_type, customer_id, payload)
        select
            'order_withdrawn',
            o.customer_id,
            trustcart_private.order_payload_of(o.id, o.order_date, o.total_amount, o.status)
        from old_rows as o
        order by o.id;
    else
        insert into trustcart.events (event_type) values ('orders_truncated');
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where c.order_count > 0 or c.next_order_date is not null
        );
    end if;

    -- They are counted afresh.
    v_ids := array(select distinct i.id from unnest(v_ids) as i (id) where i.id is not null);
    if v_ids <> '{}' then
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
            trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order', false, v_history_ids
        );
        if tg_op in ('INSERT', 'UPDATE') then
            perform trustcart_private.cancel_overtaken_tasks(v_ids);
        end if;
        if tg_op = 'UPDATE' then
            perform set_config('trustcart.orders_recounted', 'on', true);
        end if;
    end if;

    -- Campaigns may claim an order with a code, and those of customers whom they wrote to.
    if tg_op = 'INSERT' then
        select array_agg(n.id)
        into v_attributed
        from new_rows as n
        left join lateral (
            select m.customer_id
            from trustcart.campaign_messages as m
            where m.customer_id = n.customer_id and m.sent_at is not null
            limit 1
        ) as m on true
        where n.coupon_code is not null or m.customer_id is not null;
    elsif tg_op = 'UPDATE' and v_ids <> '{}' then
        select array_agg(n.id)
        into v_attributed
        from new_rows as n
        left join old_rows as o on n.id = o.id
        left join lateral (
            select m.customer_id
            from trustcart.campaign_messages as m
            where m.customer_id in (n.customer_id, o.customer_id) and m.sent_at is not null
            limit 1
        ) as m on true
        where n.coupon_code is not null or o.coupon_code is not null or m.customer_id is not null;
    end if;
    if v_attributed is not null then
        perform trustcart_private.attribute_orders(v_attributed);
    end if;
    if tg_op = 'INSERT' and exists (select from trustcart.customers as c where c.merged_into_id is not null) then
        perform trustcart_private.redirect_orders(array_agg(n.id))
        from new_rows as n
        inner join trustcart.customers as c on n.customer_id = c.id and c.merged_into_id is not null
        having count(*) > 0;
    end if;
    return null;
end;
$$;
comment on function trustcart.update_customer_lifecycle() is
'Trigger of sales_orders, statement-level: keeps the state of the customers concerned right in the same transaction.
One new order goes the short way, add_order(); of many what they add is added to the figures; changed, moved and
withdrawn ones are counted afresh. The guide''s name.';
