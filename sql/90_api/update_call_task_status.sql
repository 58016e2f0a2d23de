-- requires: complete_call_task, skip_call_task, lock_open_task, parse_date

create or replace function trustcart_api.update_call_task_status(
    p_task_id bigint,
    p_status text,
    p_outcome text default null,
    p_notes text default null,
    p_follow_up_date text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_task trustcart.crm_call_tasks;
begin
    if p_task_id is null or coalesce(btrim(p_status), '') = '' then
        raise exception using
            errcode = 'TC003',
            message = case when p_task_id is null then 'taskId' else 'status' end || ' is required',
            hint = 'Give the task, and the status: completed, skipped, or pending to note something down.';
    end if;

    case p_status
        when 'completed' then
            v_task := trustcart.complete_call_task(
                p_task_id, p_outcome, nullif(btrim(p_notes), ''), trustcart.to_business_date(p_follow_up_date)
            );
        when 'skipped' then
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set
                outcome = coalesce(nullif(btrim(p_outcome), ''), t.outcome),
                notes = coalesce(nullif(btrim(p_notes), ''), t.notes)
            where t.id = p_task_id;
            v_task := trustcart.skip_call_task(p_task_id, coalesce(nullif(btrim(p_outcome), ''), p_notes));
        when 'pending' then
            select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
            if v_task.status <> 'pending' then
                raise exception using
                    errcode = 'TC104',
                    message = format('call task %s is %s and does not become pending again', p_task_id, v_task.status),
                    hint = 'Create a task for another call.';
            end if;
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set notes = coalesce(nullif(btrim(p_notes), ''), t.notes)
            where t.id = p_task_id
            returning t.* into v_task;
        else
            raise exception using
                errcode = 'TC002',
                message = format('%L is not a status that a call task can be given', p_status),
                hint = 'Known are completed, skipped and pending.';
    end case;

    return jsonb_build_object(
        'id', v_task.id,
        'customer_id', v_task.customer_id,
        'assigned_agent_id', v_task.assigned_agent_id,
        'task_type', v_task.task_type,
        'priority', v_task.priority,
        'task_date', v_task.task_date,
        'status', v_task.status,
        'outcome', v_task.outcome,
        'notes', v_task.notes,
        'follow_up_date', v_task.follow_up_date,
        'started_at', to_char(v_task.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'completed_at', to_char(v_task.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    );
end;
$$;
comment on function trustcart_api.update_call_task_status(bigint, text, text, text, text) is
'PUT /crm-automation/call-task/:taskId/status: completes a task (outcome required; the interaction is written along) or
skips it; pending changes the notes of one that is pending. Returns the task. TC001 date, TC002 status, TC003 missing,
TC004 no such task, TC101, TC102, TC103 when it is closed, TC104 back to pending, TC204 followUpDate not after today.';
