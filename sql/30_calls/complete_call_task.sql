-- requires: lock_open_task, require_agent, require_date, business_date

create or replace function trustcart.complete_call_task(
    p_task_id bigint,
    p_outcome text,
    p_notes text default null,
    p_follow_up_date date default null,
    p_agent_id bigint default null
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    if nullif(btrim(p_outcome), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Say what came of it: successful, no_answer, follow_up_needed, not_interested; more may follow.';
    end if;
    if p_follow_up_date is not null
        and trustcart_private.require_date(p_follow_up_date) <= trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('follow_up_date %s is not after today', p_follow_up_date),
            hint = 'Give a later date, or none: the outcome follow_up_needed alone is due the next working day.';
    end if;

    -- The interaction and the attempt are written by the table's trigger, as for any task that becomes completed.
    update trustcart.crm_call_tasks as t
    set
        status = 'completed',
        outcome = btrim(p_outcome),
        notes = coalesce(p_notes, t.notes),
        follow_up_date = p_follow_up_date,
        assigned_agent_id = case
            when p_agent_id is null then t.assigned_agent_id else trustcart_private.require_agent(p_agent_id)
        end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.complete_call_task(bigint, text, text, date, bigint) is
'Completes a pending task with its outcome, whose first word decides, and writes the interaction and the attempt along.
p_notes null keeps the notes; p_agent_id is who called, if not whom it was assigned to. Returns the task. TC001 date,
TC003 without id or outcome, TC004 no such task or user, TC101, TC102, TC103 when it is closed, TC201 agent, TC204
follow_up_date not after today.';
