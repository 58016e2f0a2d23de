-- requires: lock_customers

create or replace function trustcart_private.lock_customer_of_task(p_task_id bigint)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.lock_customers(array(
        select t.customer_id from trustcart.crm_call_tasks as t where t.id = p_task_id
    ));
end;
$$;
comment on function trustcart_private.lock_customer_of_task(bigint) is
'Locks the customer of a task, before the task itself is locked: an order locks its customer and then cancels the
calls that it overtakes, so whoever writes both has to keep to that order.';
