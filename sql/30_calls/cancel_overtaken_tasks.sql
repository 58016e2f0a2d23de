create or replace function trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[])
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_cancelled integer;
begin
    -- The agents' days whose places become free, in the order in which all who fill them take them.
    if cardinality(p_customer_ids) > 1 then
        perform
        from trustcart.agent_days as d
        where
            (d.agent_id, d.work_date) in (
                select t.assigned_agent_id, t.task_date
                from trustcart.crm_call_tasks as t
                inner join trustcart.customers as c on t.customer_id = c.id
                where
                    t.customer_id = any(p_customer_ids)
                    and t.status = 'pending'
                    and t.started_at is null
                    and t.task_type in ('at_risk', 'repeat_reminder')
                    and c.last_order_date >= t.task_date
            )
        order by d.agent_id, d.work_date
        for no key update of d;
    end if;
    update trustcart.crm_call_tasks as t
    set
        status = 'cancelled',
        close_reason = format('the customer ordered on %s', c.last_order_date)
    from trustcart.customers as c
    where
        t.customer_id = any(p_customer_ids)
        and t.status = 'pending'
        and t.started_at is null
        and t.task_type in ('at_risk', 'repeat_reminder')
        and c.id = t.customer_id
        and c.last_order_date >= t.task_date;
    get diagnostics v_cancelled = row_count;
    return v_cancelled;
end;
$$;
comment on function trustcart_private.cancel_overtaken_tasks(bigint[]) is
'Cancels the pending at_risk and repeat_reminder calls that an order of their day, or a later one, has made pointless.
A call that an agent has begun goes on. Returns the tasks cancelled.';
