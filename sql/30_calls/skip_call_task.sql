-- requires: lock_open_task

create or replace function trustcart.skip_call_task(p_task_id bigint, p_reason text default null)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    update trustcart.crm_call_tasks as t
    set
        status = 'skipped',
        close_reason = nullif(btrim(p_reason), '')
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.skip_call_task(bigint, text) is
'Closes a pending task without a call; p_reason says why. A skipped call counts toward no cadence. Returns the task.
TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed.';
