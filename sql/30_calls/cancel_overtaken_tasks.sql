create or replace function trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[])
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    v_cancelled integer;
begin
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
