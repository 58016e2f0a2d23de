-- requires: begin_request, complete_call_task, skip_call_task, log_call_attempt, lock_open_task, to_business_date
-- requires: call_task_answer

create or replace function trustcart_api.update_call_task_status(
    p_task_id bigint,
    p_status text,
    p_outcome text default null,
    p_notes text default null,
    p_follow_up_date text default null,
    p_due_at text default null,
    p_agent_id bigint default null,
    p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outcome text := nullif(btrim(p_outcome), '');
    v_notes text := nullif(btrim(p_notes), '');
    v_due_text text := nullif(btrim(p_due_at), '');
    v_due_at timestamptz;
    v_follow_up_date date;
    v_task trustcart.crm_call_tasks;
begin
    if p_task_id is null or coalesce(btrim(p_status), '') = '' then
        raise exception using
            errcode = 'TC003',
            message = case when p_task_id is null then 'taskId' else 'status' end || ' is required',
            hint = 'Give the task, and the status: completed, skipped, or pending for an attempt or a note.',
            column = case when p_task_id is null then 'taskId' else 'status' end;
    elsif p_status not in ('completed', 'skipped', 'pending') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status that a call task can be given', p_status),
            hint = 'Known are completed, skipped and pending.',
            column = 'status';
    end if;
    perform trustcart_private.check_task_access(t)
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id;
    v_follow_up_date := trustcart.to_business_date(p_follow_up_date);
    if v_follow_up_date is not null and p_status <> 'completed' then
        raise exception using
            errcode = 'TC005',
            message = format('followUpDate does not go with status %s', p_status),
            hint = 'Complete the task with outcome follow_up_needed, or give dueAt with an attempt.',
            column = 'followUpDate';
    elsif v_due_text is not null and (p_status <> 'pending' or v_outcome is null) then
        raise exception using
            errcode = 'TC005',
            message = 'dueAt goes with an attempt only',
            hint = 'Give status pending and the outcome of the attempt, or complete the task with followUpDate.',
            column = 'dueAt';
    elsif not trustcart_private.is_instant(v_due_text) then
        raise exception using
            errcode = 'TC001',
            message = format('%L is not a date and an hour', v_due_text),
            hint = 'Give dueAt as YYYY-MM-DDTHH:MM, with an offset such as +06:00 or in the time zone of the shop.',
            column = 'dueAt';
    end if;
    v_due_at := (select trustcart_private.parse_instant(v_due_text, s.time_zone) from trustcart.settings as s);

    if (
        trustcart_private.begin_request(
            p_request_id,
            'update_call_task_status',
            jsonb_build_array(
                p_task_id, p_status, v_outcome, v_notes, v_follow_up_date, extract(epoch from v_due_at), p_agent_id
            ),
            p_task_id
        )
    ).request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    elsif p_status = 'completed' then
        v_task := trustcart.complete_call_task(
            p_task_id, v_outcome, v_notes, v_follow_up_date, p_agent_id => p_agent_id
        );
    elsif p_status = 'skipped' then
        v_task := trustcart.skip_call_task(
            p_task_id, coalesce(v_outcome, v_notes), p_notes => v_notes, p_outcome => v_outcome
        );
    else
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
        if v_task.status <> 'pending' then
            raise exception using
                errcode = 'TC104',
                message = format('call task %s is %s and does not become pending again', p_task_id, v_task.status),
                hint = 'Take the last outcome back with undo_call_outcome(), or create a task for another call.';
        elsif v_outcome is not null then
            v_task := trustcart.log_call_attempt(
                p_task_id, v_outcome, v_notes, p_agent_id => p_agent_id, p_due_at => v_due_at
            );
        else
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set notes = coalesce(v_notes, t.notes)
            where t.id = p_task_id
            returning t.* into v_task;
        end if;
    end if;

    return trustcart_private.call_task_answer(v_task);
end;
$$;
comment on function trustcart_api.update_call_task_status(
    bigint, text, text, text, text, text, bigint, text
) is
'PUT /crm-automation/call-task/:taskId/status: completes a task (outcome required; the interaction is written along)
or skips it; pending with an outcome logs an attempt, after which the task may be pending, due at an hour (p_due_at,
if one was agreed: an instant, without an offset in the shop''s time zone), or completed; pending without one changes
the notes. p_agent_id is who called; p_request_id again does nothing again. Returns the task. TC001 date, TC002
status, TC003 missing, TC004 no such task or user, TC005 arguments that do not go together, TC101, TC102, TC103 when
it is closed, TC104 back to pending, TC106 request id, TC201 agent, TC204 followUpDate or dueAt not in the
future, TC403 not an agent''s.';
