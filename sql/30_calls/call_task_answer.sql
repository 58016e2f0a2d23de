create or replace function trustcart_private.call_task_answer(p_task trustcart.crm_call_tasks)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object(
        'id', p_task.id,
        'customer_id', p_task.customer_id,
        'assigned_agent_id', p_task.assigned_agent_id,
        'task_type', p_task.task_type,
        'priority', p_task.priority,
        'task_date', p_task.task_date,
        'status', p_task.status,
        'outcome', p_task.outcome,
        'notes', p_task.notes,
        'follow_up_date', p_task.follow_up_date,
        'due_at', to_char(p_task.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'attempts', (select count(*) from trustcart.crm_call_attempts as a where a.task_id = p_task.id),
        'started_at', to_char(p_task.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'completed_at', to_char(p_task.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    );
end;
$$;
comment on function trustcart_private.call_task_answer(trustcart.crm_call_tasks) is
'A call task as the functions of the API that work it answer; instants in UTC.';
