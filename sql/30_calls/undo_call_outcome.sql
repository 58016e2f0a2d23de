-- requires: instant_of_caller, check_task_access, begin_request, lock_customer_of_task, recompute_recovery
-- requires: last_outcome_at

create or replace function trustcart.undo_call_outcome(
    p_task_id bigint, p_at timestamptz default now(), p_request_id text default null
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'undo_call_outcome', jsonb_build_array(p_task_id), p_task_id
    );
    v_within interval := (select s.undo_within from trustcart.settings as s);
    v_task trustcart.crm_call_tasks;
    v_before trustcart.crm_call_tasks;
    v_outcome_at timestamptz;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    elsif p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Give the id of the task, as call lists show it.';
    end if;
    perform trustcart_private.lock_customer_of_task(p_task_id);
    select t.* into v_task
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the call list.';
    end if;
    perform trustcart_private.check_task_access(v_task);
    v_outcome_at := trustcart.last_outcome_at(v_task.status, v_task.closed_at, v_task.before_outcome);
    if v_task.before_outcome is null or v_outcome_at + v_within < p_at then
        raise exception using
            errcode = 'TC108',
            message = case
                when v_task.before_outcome is null
                    then format('call task %s is %s and has no outcome to undo', p_task_id, v_task.status)
                else format('the outcome of call task %s is older than %s', p_task_id, v_within)
            end,
            hint = 'Only the last outcome of a call can be undone, for as long as settings.undo_within says.';
    end if;

    v_before := jsonb_populate_record(v_task, v_task.before_outcome);
    update trustcart.crm_call_tasks as t
    set
        status = 'pending',
        assigned_agent_id = v_before.assigned_agent_id,
        why_agent = v_before.why_agent,
        outcome = v_before.outcome,
        notes = v_before.notes,
        follow_up_date = v_before.follow_up_date,
        close_reason = v_before.close_reason,
        due_at = v_before.due_at,
        -- Whoever has taken it up again since an attempt keeps it.
        started_at = case when t.claimed_by is null then v_before.started_at else t.started_at end,
        claimed_by = coalesce(t.claimed_by, v_before.claimed_by),
        claimed_at = coalesce(t.claimed_at, v_before.claimed_at),
        before_outcome = null
    where t.id = p_task_id;
    if v_task.status = 'completed' then
        delete from trustcart.customer_interactions as i where i.task_id = p_task_id;
        delete from trustcart.crm_call_attempts as a
        where a.task_id = p_task_id and a.attempted_at = v_task.completed_at;
        delete from trustcart.customer_phone_flags as f where f.task_id = p_task_id;
    elsif v_task.status = 'pending' then
        delete from trustcart.crm_call_attempts as a
        where a.task_id = p_task_id and a.id = (v_task.before_outcome ->> 'attempt_id')::bigint;
    end if;
    if v_task.status <> 'skipped' then
        perform trustcart_private.recompute_recovery(v_task.customer_id, v_outcome_at);
    end if;
    select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    return v_task;
end;
$$;
comment on function trustcart.undo_call_outcome(bigint, timestamptz, text) is
'Takes the last outcome of a task back, for settings.undo_within: a completion, a skip, or an attempt that left it
pending. The task is as it was before, its agent and claim too; its interaction and attempt, a phone flag that it set
and the attempt to recover the customer are gone, family and preferred hours learned in the call stay. p_request_id
again does nothing again. Returns the task. TC003 and TC004 for the id, TC106 request id, TC108 nothing to undo, or
too late.';
