create or replace function trustcart_private.carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.crm_call_tasks (
        customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons, predecessor_id,
        first_planned_on, why_agent
    )
    select
        t.customer_id,
        i.agent_id,
        t.task_type,
        t.priority,
        p_to,
        t.notes,
        'carried',
        t.reasons || jsonb_build_array(jsonb_build_object(
            'task_type', t.task_type,
            'carried_from', jsonb_build_array(t.id),
            'first_planned_on', coalesce(t.first_planned_on, t.task_date)
        )),
        t.id,
        coalesce(t.first_planned_on, t.task_date),
        case
            when i.agent_id is not distinct from t.assigned_agent_id then 'had the call before'
            when i.agent_id = c.assigned_agent_id then 'the customer''s own agent'
            else format('agent %s is away or has no room on %s', t.assigned_agent_id, p_to)
        end
    from unnest(p_task_ids, p_agent_ids) with ordinality as i (task_id, agent_id, place)
    inner join trustcart.crm_call_tasks as t on i.task_id = t.id
    inner join trustcart.customers as c on t.customer_id = c.id
    order by i.place;
    update trustcart.crm_call_tasks as t
    set status = 'carried', close_reason = format('rescheduled for %s', p_to)
    where t.id = any(p_task_ids);
end;
$$;
comment on function trustcart_private.carry_call_tasks(bigint[], date, bigint[]) is
'Closes pending tasks as carried and writes the successor of each for another date, in the order given, for the agent
of the same place in p_agent_ids, or for nobody where that is null. The caller has locked them and looked for room.';
