create or replace function trustcart_private.finish_call_task(
    p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_task trustcart.crm_call_tasks;
begin
    if not exists (
        select from trustcart.call_outcomes as o where o.outcome = trustcart_private.outcome_word(p_outcome)
    ) then
        raise warning using
            message = format(
                'outcome %L begins with no word of call_outcomes, so it leads to nothing', btrim(p_outcome)
            ),
            hint = format(
                'Known are %s; new ones are rows of trustcart.call_outcomes.',
                (select string_agg(o.outcome, ', ' order by o.outcome) from trustcart.call_outcomes as o)
            );
    end if;
    -- The interaction and the attempt are written by the table's trigger, as for any task that becomes completed.
    update trustcart.crm_call_tasks as t
    set
        status = 'completed',
        outcome = btrim(p_outcome),
        notes = coalesce(p_notes, t.notes),
        follow_up_date = p_follow_up_date,
        assigned_agent_id = coalesce(p_agent_id, t.claimed_by, t.assigned_agent_id)
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart_private.finish_call_task(bigint, text, text, date, bigint) is
'Completes a task that the caller has locked and looked at. It becomes the task of who called: the agent given, else
who claimed it, else whose it is. An outcome whose first word is not one of call_outcomes is kept, with a warning.';
