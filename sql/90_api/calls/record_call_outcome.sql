-- requires: begin_request, lock_customer_of_task, lock_open_task, complete_call_task, log_call_attempt, record_consent
-- requires: set_contact_preferences, learn_family_member, take_next_call, call_task_answer, require_hour
-- requires: to_business_date

create or replace function trustcart_api.record_call_outcome(
    p_task_id bigint,
    p_outcome text default null,
    p_notes text default null,
    p_follow_up_date text default null,
    p_follow_up_time text default null,
    p_preferred_from text default null,
    p_preferred_until text default null,
    p_family_member jsonb default null,
    p_do_not_call boolean default false,
    p_take_next boolean default false,
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
    v_follow_up_date date := trustcart.to_business_date(p_follow_up_date);
    v_follow_up_time time := trustcart_private.require_hour(p_follow_up_time);
    v_preferred_from time := trustcart_private.require_hour(p_preferred_from);
    v_preferred_until time := trustcart_private.require_hour(p_preferred_until);
    v_is_refusal boolean := coalesce(p_do_not_call, false);
    v_is_replay boolean;
    v_task trustcart.crm_call_tasks;
    v_agent_id bigint;
    v_due_at timestamptz;
    v_next_id bigint;
begin
    if v_is_refusal then
        v_outcome := coalesce(v_outcome, 'not_interested - does not want to be called');
    end if;
    if v_outcome is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Begin with a word of trustcart.call_outcomes: successful, no_answer, follow_up_needed ...',
            column = 'outcome';
    elsif v_is_refusal and num_nonnulls(v_follow_up_date, v_follow_up_time) > 0 then
        raise exception using
            errcode = 'TC005',
            message = 'followUpDate does not go with doNotCall',
            hint = 'Who does not want to be called is not called again.',
            column = 'followUpDate';
    end if;
    -- The family member's number is kept where it belongs and nowhere else.
    v_is_replay := (
        trustcart_private.begin_request(
            p_request_id,
            'record_call_outcome',
            jsonb_build_array(
                p_task_id, v_outcome, v_notes, v_follow_up_date, v_follow_up_time, v_preferred_from,
                v_preferred_until, p_family_member - 'phone', v_is_refusal, p_take_next, p_agent_id
            ),
            p_task_id
        )
    ).request_id is not null;

    select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    v_agent_id := coalesce(p_agent_id, v_task.claimed_by, v_task.assigned_agent_id, trustcart.current_user_id());
    if not v_is_replay then
        if p_take_next then
            -- Before everything else, as take_next_call() does: whoever works for one agent waits in one order.
            perform from trustcart.users as u where u.id = v_agent_id for no key update;
        end if;
        perform trustcart_private.lock_customer_of_task(p_task_id);
        v_task := trustcart_private.lock_open_task(p_task_id);
        if v_preferred_from is not null or v_preferred_until is not null then
            perform trustcart.set_contact_preferences(
                p_customer_id => v_task.customer_id,
                p_preferred_from => v_preferred_from,
                p_preferred_until => v_preferred_until
            );
        end if;
        if p_family_member is not null then
            perform trustcart_private.learn_family_member(v_task.customer_id, p_family_member);
        end if;

        if v_follow_up_time is not null then
            v_due_at := (
                select (coalesce(v_follow_up_date, v_task.task_date) + v_follow_up_time) at time zone s.time_zone
                from trustcart.settings as s
            );
        end if;
        -- An hour is an attempt's; so is what is tried again by itself, unless a day was agreed upon. Whoever refuses calls
        -- is done with.
        if v_due_at is not null or v_follow_up_date is null and not v_is_refusal and exists (
            select from trustcart.call_outcomes as o
            where o.outcome = trustcart_private.outcome_word(v_outcome) and o.next_step = 'retry'
        ) then
            v_task := trustcart.log_call_attempt(p_task_id, v_outcome, v_notes, p_agent_id, v_due_at);
        else
            v_task := trustcart.complete_call_task(
                p_task_id, v_outcome, v_notes, v_follow_up_date, p_agent_id
            );
        end if;
        if v_is_refusal then
            perform trustcart.record_consent(
                v_task.customer_id, 'call', false, format('told on call %s', p_task_id)
            );
        end if;
    end if;

    if p_take_next and v_agent_id is not null then
        begin
            v_next_id := trustcart_private.take_next_call(v_agent_id);
        exception
            -- Who has gone home, or is no agent, or is not the caller's to act for, has no next call; what was said in
            -- this one counts all the same.
            when sqlstate 'TC201' or sqlstate 'TC207' or sqlstate 'TC403' then
                v_next_id := null;
        end;
    end if;
    return trustcart_private.call_task_answer(v_task) || jsonb_build_object('next_task_id', v_next_id);
end;
$$;
comment on function trustcart_api.record_call_outcome(
    bigint, text, text, text, text, text, text, jsonb, boolean, boolean, bigint, text
) is
'The outcome of a call in one step: by its first word the call is completed (complete_call_task()) or, where
call_outcomes has it tried again or an hour was agreed upon, an attempt (log_call_attempt()). p_follow_up_date and
p_follow_up_time: when to call again (without a date: today); p_preferred_from, p_preferred_until (HH:MM) and
p_family_member {"name", "relationship", "date_of_birth", "anniversary_date", "phone"}: what was learned; p_do_not_call:
the customer refuses calls, recorded as consent; it is an outcome by itself. p_take_next claims the next call of the agent (p_agent_id, else whose
call it was). Returns the task with next_task_id. p_request_id again does nothing again. TC001 date or hour, TC002
unknown key of the family member, TC003 missing, TC004 no such task or user, TC005 arguments that do not go together,
TC101, TC102, TC103 closed already, TC106 request id, TC201 agent, TC204 not in the future, TC403 not an agent''s.';
