create or replace function trustcart_private.log_task_assignment()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.crm_call_task_assignments (task_id, from_agent_id, to_agent_id, why)
    values (
        new.id,
        old.assigned_agent_id,
        new.assigned_agent_id,
        -- The task's words, if they were written for this change.
        case when new.why_agent is distinct from old.why_agent then new.why_agent end
    );
    return null;
end;
$$;
comment on function trustcart_private.log_task_assignment() is
'Trigger: notes from whom to whom a task went and why, as far as the change says.';
