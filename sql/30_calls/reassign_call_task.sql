-- requires: instant_of_caller, begin_request, lock_open_task, require_agent, claimed_by_another

create or replace function trustcart.reassign_call_task(
    p_task_id bigint,
    p_agent_id bigint,
    p_why text default null,
    p_at timestamptz default now(),
    p_request_id text default null
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'reassign_call_task', jsonb_build_array(p_task_id, p_agent_id, p_why), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_other bigint;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say who is going to call.';
    end if;
    perform trustcart_private.require_agent(p_agent_id);
    if v_task.started_at is not null then
        -- A call that was begun without a claim is its agent's.
        v_task.claimed_by := coalesce(v_task.claimed_by, v_task.assigned_agent_id);
        v_other := trustcart_private.claimed_by_another(v_task, p_agent_id, p_at);
        if v_other is not null then
            raise exception using
                errcode = 'TC109',
                message = format('call task %s is claimed by agent %s, who has begun it', p_task_id, v_other),
                hint = 'Wait until the call is settled; one that was left lying is free after settings.claim_timeout.';
        end if;
    end if;
    update trustcart.crm_call_tasks as t
    set
        assigned_agent_id = p_agent_id,
        why_agent = coalesce(nullif(btrim(p_why), ''), 'reassigned'),
        claimed_by = case when t.claimed_by = p_agent_id then t.claimed_by end,
        claimed_at = case when t.claimed_by = p_agent_id then t.claimed_at end,
        started_at = case when t.claimed_by = p_agent_id or t.assigned_agent_id = p_agent_id then t.started_at end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.reassign_call_task(bigint, bigint, text, timestamptz, text) is
'Gives a pending task to another agent, whose claim on it ends the claims of others; p_why says why. p_request_id
again does nothing again. Returns the task. TC003 and TC004 for the ids, TC101, TC102, TC103 when the task is closed,
TC106 request id, TC109 another agent has begun the call, TC201 agent, TC206 the agent''s day is full, TC207 absent
that day.';
