-- requires: instant_of_caller, begin_request, lock_open_task, require_agent, claimed_by_another, refusal_of_call

create or replace function trustcart.start_call_task(
    p_task_id bigint,
    p_agent_id bigint default null,
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
        p_request_id, 'start_call_task', jsonb_build_array(p_task_id, p_agent_id), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_other bigint;
    v_refusal record;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
        v_other := trustcart_private.claimed_by_another(v_task, p_agent_id, p_at);
        if v_other is not null then
            raise exception using
                errcode = 'TC109',
                message = format('call task %s is claimed by agent %s', p_task_id, v_other),
                hint = 'Take the next call, or have this one given to you with reassign_call_task().';
        end if;
    end if;
    -- Begun by the same agent, or by nobody in particular, it has begun; what another one left is begun anew.
    if v_task.started_at is not null and (v_task.claimed_by <> p_agent_id) is not true then
        if p_agent_id is null or v_task.claimed_by is not null then
            return v_task;
        end if;
        update trustcart.crm_call_tasks as t
        set claimed_by = p_agent_id, claimed_at = p_at
        where t.id = p_task_id
        returning t.* into v_task;
        return v_task;
    end if;

    select r.reason, r.sqlstate into v_refusal
    from trustcart_private.refusal_of_call(v_task.customer_id, p_at) as r;
    if v_refusal.reason is not null then
        raise exception using
            errcode = v_refusal.sqlstate,
            message = format('customer %s may not be called now: %s', v_task.customer_id, v_refusal.reason),
            hint = case v_refusal.sqlstate
                when 'TC209' then 'Snooze it until then; when those hours are over, it comes up again the next day.'
                else 'Skip the task; check_contact() says what speaks against a call.'
            end;
    end if;
    update trustcart.crm_call_tasks as t
    set
        -- Never later than the completion, which has the clock's time.
        started_at = least(p_at, clock_timestamp()),
        claimed_by = coalesce(p_agent_id, t.claimed_by),
        claimed_at = case when t.claimed_by = p_agent_id or p_agent_id is null then t.claimed_at else p_at end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.start_call_task(bigint, bigint, timestamptz, text) is
'An agent takes a pending task up at p_at: the duration of the call counts from here, and with p_agent_id it is
claimed. Started before, it stays as it is. What speaks against the call is asked once more. p_request_id again does
nothing again. Returns the task. TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed, TC106
request id, TC109 claimed by another agent, TC201 agent, TC208 the customer may not be called, TC209 not at this
hour.';
