-- requires: begin_request, lock_customer_of_task, lock_open_task, finish_call_task, learn_family_member, require_agent,
-- requires: set_contact_preferences

create or replace function trustcart.complete_call_task(
    p_task_id bigint,
    p_outcome text,
    p_notes text default null,
    p_follow_up_date date default null,
    p_agent_id bigint default null,
    p_preferred_from time default null,
    p_preferred_until time default null,
    p_family_member jsonb default null,
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
        'complete_call_task',
        jsonb_build_array(
            p_task_id, p_outcome, p_notes, p_follow_up_date, p_agent_id, p_preferred_from, p_preferred_until,
            p_family_member
        ),
        p_task_id
    );
    v_task trustcart.crm_call_tasks;
begin
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
            hint = 'Begin with a word of trustcart.call_outcomes: successful, no_answer, follow_up_needed ...';
    end if;
    if p_follow_up_date is not null
        and trustcart_private.require_date(p_follow_up_date) <= trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('follow_up_date %s is not after today', p_follow_up_date),
            hint = 'Give a later date, or none: the outcome follow_up_needed alone is due the next working day.';
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;

    if p_preferred_from is not null or p_preferred_until is not null then
        perform trustcart.set_contact_preferences(
            p_customer_id => v_task.customer_id,
            p_preferred_from => p_preferred_from,
            p_preferred_until => p_preferred_until
        );
    end if;
    if p_family_member is not null then
        perform trustcart_private.learn_family_member(v_task.customer_id, p_family_member);
    end if;
    return trustcart_private.finish_call_task(p_task_id, p_outcome, p_notes, p_follow_up_date, p_agent_id);
end;
$$;
comment on function trustcart.complete_call_task(
    bigint, text, text, date, bigint, time, time, jsonb, text
) is
'Completes a pending task with its outcome, whose first word decides, and writes the interaction and the attempt
along; an outcome that says so in call_outcomes flags the number. p_notes null keeps the notes; p_agent_id is who
called, if not whom it was assigned to; p_preferred_from and p_preferred_until are the hours the customer wishes to
be called at, and p_family_member {"name", "relationship", "date_of_birth", "anniversary_date", "phone"} whom they
told of. p_request_id again does nothing again. Returns the task. TC001 date, TC002 unknown key of the family member,
TC003 without id, outcome, or the family member''s name or relationship, TC004 no such task or user, TC005 family
member no object, TC101, TC102, TC103 when it is closed, TC106 request id, TC201 agent, TC204 follow_up_date not
after today.';
