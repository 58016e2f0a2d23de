-- requires: instant_of_caller, begin_request, lock_customer_of_task, lock_open_task, require_agent
-- requires: refusal_of_call, finish_call_task

create or replace function trustcart.log_call_attempt(
    p_task_id bigint,
    p_outcome text,
    p_notes text default null,
    p_agent_id bigint default null,
    p_due_at timestamptz default null,
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
        p_request_id,
        'log_call_attempt',
        jsonb_build_array(p_task_id, p_outcome, p_notes, p_agent_id, extract(epoch from p_due_at)),
        p_task_id
    );
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_due_on date := (p_due_at at time zone v_time_zone)::date;
    v_task trustcart.crm_call_tasks;
    v_rule trustcart.call_outcomes;
    v_attempts integer;
    v_again_at timestamptz;
    v_attempt_id bigint;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    perform trustcart_private.lock_customer_of_task(p_task_id);
    v_task := trustcart_private.lock_open_task(p_task_id);
    if nullif(btrim(p_outcome), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Begin with a word of trustcart.call_outcomes, which says what follows: no_answer, busy ...';
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;
    select o.* into v_rule
    from trustcart.call_outcomes as o
    where o.outcome = trustcart_private.outcome_word(p_outcome);
    if p_due_at is not null then
        perform trustcart_private.require_date(v_due_on);
        if p_due_at <= p_at then
            raise exception using
                errcode = 'TC204',
                message = format('due_at %s is past', p_due_at),
                hint = 'Give the hour of the next call, or none.';
        elsif (v_rule.next_step in ('retry', 'follow_up')) is not true then
            raise exception using
                errcode = 'TC005',
                message = format('after %L there is no next call for due_at', btrim(p_outcome)),
                hint = 'Leave due_at out, or give the outcome follow_up_needed.';
        end if;
    end if;

    select count(*) + 1 into v_attempts from trustcart.crm_call_attempts as a where a.task_id = p_task_id;
    v_again_at := case
        when v_rule.next_step = 'retry' and v_attempts < v_rule.max_attempts
            then coalesce(p_due_at, p_at + v_rule.retry_after)
        when v_rule.next_step = 'follow_up' then p_due_at
    end;
    if (v_again_at at time zone v_time_zone)::date = v_task.task_date
        and (v_again_at < v_task.call_from) is not true
        and (v_again_at >= v_task.call_until) is not true
        and (select r.reason from trustcart_private.refusal_of_call(v_task.customer_id, v_again_at) as r) is null
    then
        insert into trustcart.crm_call_attempts (attempted_at, task_id, customer_id, agent_id, outcome, notes, due_at)
        values (
            p_at, p_task_id, v_task.customer_id,
            coalesce(p_agent_id, v_task.claimed_by, v_task.assigned_agent_id), btrim(p_outcome), p_notes, v_again_at
        )
        returning id into v_attempt_id;
        update trustcart.crm_call_tasks as t
        set
            due_at = v_again_at,
            notes = coalesce(p_notes, t.notes),
            claimed_by = null,
            claimed_at = null,
            started_at = null,
            before_outcome = jsonb_build_object(
                'attempt_id', v_attempt_id,
                'attempted_at', p_at,
                'notes', t.notes,
                'due_at', t.due_at,
                'started_at', t.started_at,
                'claimed_by', t.claimed_by,
                'claimed_at', t.claimed_at
            )
        where t.id = p_task_id
        returning t.* into v_task;
        return v_task;
    end if;

    v_task := trustcart_private.finish_call_task(
        p_task_id,
        p_outcome,
        p_notes,
        case when v_due_on > greatest(v_task.task_date, (p_at at time zone v_time_zone)::date) then v_due_on end,
        p_agent_id
    );
    if v_task.follow_up_date is not null then
        -- The day is the interaction's, the hour the attempt's.
        update trustcart.crm_call_attempts as a
        set due_at = p_due_at
        where a.task_id = p_task_id and a.attempted_at = v_task.completed_at and p_due_at > a.attempted_at;
    end if;
    return v_task;
end;
$$;
comment on function trustcart.log_call_attempt(bigint, text, text, bigint, timestamptz, timestamptz, text) is
'Somebody rang the customer up at p_at; what follows is what trustcart.call_outcomes says of the outcome''s first
word. A retry, while there are attempts left and its hour (p_due_at, else retry_after from now) is still of the
task''s day and within the hours the customer may be called at, leaves the task pending, due at that hour and
unclaimed; so does an hour of the same day agreed upon with follow_up_needed. Else the task is completed with the
outcome, as by complete_call_task(); an agreed hour of a later day is its follow-up. An attempt is a row of
crm_call_attempts. p_request_id again does nothing again. Returns the task. TC001 date, TC003 without id or outcome,
TC004 no such task or user, TC005 p_due_at where no call follows, TC101, TC102, TC103 when the task is closed, TC106
request id, TC201 agent, TC204 p_due_at not after p_at.';
