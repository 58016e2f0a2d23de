-- requires: lock_open_task

create or replace function trustcart.start_call_task(p_task_id bigint)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    if v_task.started_at is null then
        update trustcart.crm_call_tasks as t
        set started_at = clock_timestamp()
        where t.id = p_task_id
        returning t.* into v_task;
    end if;
    return v_task;
end;
$$;
comment on function trustcart.start_call_task(bigint) is
'An agent takes a pending task up: the duration of the call counts from here. Started before, it stays as it is. Returns
the task. TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed.';
