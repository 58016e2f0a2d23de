create or replace function trustcart_private.lock_open_task(p_task_id bigint)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_task trustcart.crm_call_tasks;
begin
    if p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Give the id of the task, as call lists show it.';
    end if;
    select t.*
    into v_task
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the call list.';
    elsif v_task.status = 'completed' then
        raise exception using
            errcode = 'TC101',
            message = format('call task %s is completed already', p_task_id),
            hint = 'Log another contact as an interaction, or create a task for another call.';
    elsif v_task.status = 'skipped' then
        raise exception using
            errcode = 'TC102',
            message = format('call task %s was skipped', p_task_id),
            hint = 'Create a task for another call.';
    elsif v_task.status <> 'pending' then
        raise exception using
            errcode = 'TC103',
            message = format('call task %s is %s%s', p_task_id, v_task.status, ': ' || v_task.close_reason),
            hint = 'Create a task for another call.';
    end if;
    return v_task;
end;
$$;
comment on function trustcart_private.lock_open_task(bigint) is
'The pending task with this id, locked until the transaction ends. TC003 without an id, TC004 when there is none, TC101
completed, TC102 skipped, TC103 closed otherwise.';
