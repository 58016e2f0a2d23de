-- requires: write_customer_state, advance_customer_state, recomputed_figures, lock_customers, cancel_overtaken_tasks
-- requires: is_history, sync_loyalty, log_label_change, customer_type_of, lifecycle_stage_of, priority_level_of
-- requires: next_label_date
-- requires: avg_order_value_of, avg_days_between_orders_of, dropoff_threshold_of, dropoff_reason_of, risk_level_of

create or replace function trustcart.update_customer_lifecycle()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    v_order record;
    v_old trustcart.customers;
    v_settings trustcart.settings;
    v_count integer;
    v_spend numeric;
    v_first date;
    v_last date;
    v_next date;
    v_added date;
    v_days integer;
    v_type text;
    v_stage text;
    v_is_history boolean;
    v_found record;
    v_as_of date;
    v_ids bigint[];
    v_increments trustcart_private.customer_figures[];
    v_stale bigint[];
    v_history_ids bigint[];
    v_attributed bigint[];
    v_new_ids bigint[] := array[]::bigint[];
    v_former trustcart.sales_orders[] := array[]::trustcart.sales_orders[];
begin
    if tg_op = 'INSERT' then
        -- A shop takes its orders one at a time: that one goes the short way, in scalar form, since plans of one row
        -- with joins cost more than the work. The date is that of business_date().
        select
            n.id,
            n.customer_id,
            n.order_date,
            n.total_amount,
            n.status,
            n.coupon_code,
            s as settings,
            (now() at time zone s.time_zone)::date as as_of,
            (select os.counts from trustcart.order_statuses as os where os.status = n.status) as counts,
            (select count(*) from (select from new_rows as x limit 2) as x) as orders
        into v_order
        from new_rows as n
        cross join trustcart.settings as s;
        if not found then
            return null;
        end if;
        v_as_of := v_order.as_of;
        if v_order.orders = 1 then
            -- The lock, so that what is read next cannot change any more.
            select c.* into v_old from trustcart.customers as c where c.id = v_order.customer_id for no key update;
        end if;
        -- A state that must advance to today first goes the long way.
        if v_order.orders = 1 and (v_old.state_valid_until <= v_as_of or v_old.state_as_of > v_as_of) is not true then
            v_count := v_old.order_count;
            v_spend := v_old.total_spend;
            v_first := v_old.first_order_date;
            v_last := v_old.last_order_date;
            v_next := v_old.next_order_date;
            if v_order.counts and v_order.order_date <= v_as_of then
                v_added := v_order.order_date;
                v_count := v_count + 1;
                v_spend := v_spend + v_order.total_amount;
                v_first := least(v_first, v_added);
                v_last := greatest(v_last, v_added);
            elsif v_order.counts then
                v_next := least(v_next, v_order.order_date);
            end if;
            v_days := v_as_of - v_last;
            v_settings := v_order.settings;
            v_type := trustcart_private.customer_type_of(v_count, v_spend, v_days, v_settings);
            v_stage := trustcart_private.lifecycle_stage_of(v_count, v_days, v_settings);
            v_is_history := trustcart_private.is_history(v_order.order_date, v_as_of);

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
            where c.id = v_order.customer_id;

            update trustcart.customer_behavior as b
            set
                avg_order_value = trustcart_private.avg_order_value_of(v_count, v_spend),
                avg_days_between_orders = trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last),
                refresh_due = true,
                updated_at = now()
            where b.customer_id = v_order.customer_id;
            if not found and v_count > 0 then
                insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
                values (
                    v_order.customer_id,
                    trustcart_private.avg_order_value_of(v_count, v_spend),
                    trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last)
                );
            end if;

            if v_type is distinct from v_old.customer_type or v_stage <> v_old.lifecycle_stage then
                perform trustcart_private.log_label_change(
                    v_order.customer_id,
                    v_as_of,
                    v_old.customer_type,
                    v_type,
                    v_old.lifecycle_stage,
                    v_stage,
                    v_is_history
                );
            end if;
            -- What only concerns some orders is looked up by a statement that began after the customer was locked.
            if v_is_history then
                select
                    (
                        select
                            max(case when d.closed_on is null then 1 else 2 end)
                        from trustcart.customer_dropoff_tracking as d
                        where
                            d.customer_id = v_order.customer_id
                            and (
                                d.closed_on is null and d.last_active_date < v_added
                                or d.closed_on > v_added
                                or d.close_reason = 'withdrawn' and v_added is not null
                            )
                    ) as dropoff,
                    -- Pending, in words that only the index on the customer serves: while few calls are pending, or none was
                    -- when the plan was made, the planner may take the one on all that is open, and read it with every order.
                    exists (
                        select
                        from trustcart.crm_call_tasks as t
                        where
                            t.customer_id = v_order.customer_id
                            and t.completed_at is null
                            and t.closed_at is null
                            and t.task_type in ('at_risk', 'repeat_reminder')
                    ) as task,
                    exists (
                        select
                        from trustcart.loyalty_tiers as t
                        where t.min_spend > v_old.total_spend and t.min_spend <= v_spend
                    ) as tier,
                    v_order.coupon_code is not null or exists (
                        select
                        from trustcart.campaign_messages as m
                        where m.customer_id = v_order.customer_id and m.sent_at is not null
                    ) as message
                into v_found;
            else
                with engaged as (
                    insert into trustcart.customer_engagement_history (
                        customer_id, engagement_type, channel, content, response, order_id
                    )
                    select
                        v_order.customer_id,
                        'order_placed',
                        'website',
                        'Order #' || v_order.id || ' placed',
                        'positive',
                        v_order.id
                    where v_order.counts
                )

                insert into trustcart.events (event_type, customer_id, payload)
                values (
                    'order_placed',
                    v_order.customer_id,
                    jsonb_build_object(
                        'order_id', v_order.id,
                        'order_date', v_order.order_date,
                        'total_amount', v_order.total_amount,
                        'status', v_order.status
                    )
                )
                returning
                    (
                        select
                            max(case when d.closed_on is null then 1 else 2 end)
                        from trustcart.customer_dropoff_tracking as d
                        where
                            d.customer_id = v_order.customer_id
                            and (
                                d.closed_on is null and d.last_active_date < v_added
                                or d.closed_on > v_added
                                or d.close_reason = 'withdrawn' and v_added is not null
                            )
                    ) as dropoff,
                    -- Pending, in words that only the index on the customer serves: while few calls are pending, or none was
                    -- when the plan was made, the planner may take the one on all that is open, and read it with every order.
                    exists (
                        select
                        from trustcart.crm_call_tasks as t
                        where
                            t.customer_id = v_order.customer_id
                            and t.completed_at is null
                            and t.closed_at is null
                            and t.task_type in ('at_risk', 'repeat_reminder')
                    ) as task,
                    exists (
                        select
                        from trustcart.loyalty_tiers as t
                        where t.min_spend > v_old.total_spend and t.min_spend <= v_spend
                    ) as tier,
                    v_order.coupon_code is not null or exists (
                        select
                        from trustcart.campaign_messages as m
                        where m.customer_id = v_order.customer_id and m.sent_at is not null
                    ) as message
                into v_found;
            end if;
            if v_found.dropoff = 1 then
                -- The episode that this order ends, with the level of the day before it: sync_dropoffs() for one row.
                update trustcart.customer_dropoff_tracking as t
                set
                    closed_on = v_added,
                    close_reason = 'order',
                    risk_level = case
                        when r.after_days + 1 > t.days_inactive
                            then trustcart_private.risk_level_of(v_added - 1 - t.last_active_date, s)
                        else t.risk_level
                    end,
                    level_as_of = case
                        when r.after_days + 1 > t.days_inactive then t.last_active_date + r.after_days + 1
                        else t.level_as_of
                    end,
                    days_inactive = case
                        when r.after_days + 1 > t.days_inactive then r.after_days + 1
                        else t.days_inactive
                    end,
                    reason = case
                        when r.after_days + 1 > t.days_inactive
                            then trustcart_private.dropoff_reason_of(r.after_days)
                        else t.reason
                    end,
                    recovery_successful = t.recovery_attempted
                from trustcart.customer_dropoff_tracking as e
                cross join trustcart.settings as s
                cross join lateral (
                    select
                        trustcart_private.dropoff_threshold_of(v_added - 1 - e.last_active_date, s)
                            as after_days
                ) as r
                where
                    e.customer_id = v_order.customer_id
                    and e.closed_on is null
                    and e.last_active_date < v_added
                    and t.id = e.id;
            elsif v_found.dropoff > 1 then
                perform trustcart_private.sync_dropoffs(array[v_order.customer_id], v_as_of);
            end if;
            if v_found.task then
                perform trustcart_private.cancel_overtaken_tasks(array[v_order.customer_id]);
            end if;
            if v_found.tier then
                perform trustcart_private.sync_loyalty(
                    array[v_order.customer_id],
                    v_as_of,
                    'order',
                    case when v_is_history then array[v_order.customer_id] else '{}' end
                );
            end if;
            if v_found.message then
                perform trustcart_private.attribute_orders(array[v_order.id]);
            end if;
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
        -- A customer with one old order among the new ones is being imported.
        v_history_ids := array(
            select distinct n.customer_id
            from new_rows as n
            where trustcart_private.is_history(n.order_date, v_as_of)
        );
        v_ids := trustcart_private.write_customer_state(v_increments, v_as_of, 'order', true, v_history_ids);
        if exists (
            select from trustcart.crm_call_tasks as t where t.customer_id = any(v_ids) and t.status = 'pending'
        ) then
            perform trustcart_private.cancel_overtaken_tasks(v_ids);
        end if;
        with engaged as (
            insert into trustcart.customer_engagement_history (
                customer_id, engagement_type, channel, content, response, order_id
            )
            select
                n.customer_id,
                'order_placed',
                'website',
                'Order #' || n.id || ' placed',
                'positive',
                n.id
            from new_rows as n
            inner join trustcart.order_statuses as os on n.status = os.status
            where not trustcart_private.is_history(n.order_date, v_as_of) and os.counts
        )

        insert into trustcart.events (event_type, customer_id, payload)
        select
            'order_placed',
            n.customer_id,
            jsonb_build_object(
                'order_id', n.id,
                'order_date', n.order_date,
                'total_amount', n.total_amount,
                'status', n.status
            )
        from new_rows as n
        where not trustcart_private.is_history(n.order_date, v_as_of);

        select
            array_agg(n.id),
            array_agg(n.customer_id)
        into v_new_ids, v_ids
        from new_rows as n
        left join unnest(v_ids) as w (id) on n.customer_id = w.id
        where w.id is null;
        if v_new_ids is null then
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
            if v_attributed is not null then
                perform trustcart_private.attribute_orders(v_attributed);
            end if;
            return null;
        end if;
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
            case when n.id is null then 'order_withdrawn' when o.id is null then 'order_placed' else 'order_changed' end,
            coalesce(n.customer_id, o.customer_id),
            jsonb_build_object(
                'order_id', coalesce(n.id, o.id),
                'order_date', coalesce(n.order_date, o.order_date),
                'total_amount', coalesce(n.total_amount, o.total_amount),
                'status', coalesce(n.status, o.status)
            )
            || case
                when n.id = o.id then jsonb_build_object(
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
        -- An order that counts at last is placed now.
        insert into trustcart.customer_engagement_history (
            customer_id, engagement_type, channel, content, response, order_id
        )
        select
            n.customer_id,
            'order_placed',
            'website',
            'Order #' || n.id || ' placed',
            'positive',
            n.id
        from new_rows as n
        inner join old_rows as o on n.id = o.id
        inner join trustcart.order_statuses as ns on n.status = ns.status and ns.counts
        inner join trustcart.order_statuses as os on o.status = os.status and not os.counts
        where not trustcart_private.is_history(n.order_date, v_as_of)
        on conflict (order_id, engagement_type) do nothing;
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
            jsonb_build_object(
                'order_id', o.id,
                'order_date', o.order_date,
                'total_amount', o.total_amount,
                'status', o.status
            )
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
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order', false, coalesce(v_history_ids, '{}')
    );
    if tg_op in ('INSERT', 'UPDATE') then
        perform trustcart_private.cancel_overtaken_tasks(v_ids);
    end if;
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
        if v_attributed is not null then
            perform trustcart_private.attribute_orders(v_attributed);
        end if;
    elsif tg_op = 'UPDATE' then
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
        if v_attributed is not null then
            perform trustcart_private.attribute_orders(v_attributed);
        end if;
    end if;
    return null;
end;
$$;
comment on function trustcart.update_customer_lifecycle() is
'Trigger of sales_orders, statement-level: keeps the state of the customers concerned right in the same transaction.
New orders add to the figures; changed, moved and withdrawn ones are counted afresh. The guide''s name.';
