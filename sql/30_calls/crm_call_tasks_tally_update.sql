-- requires: count_agent_calls

-- By row, for WHEN passes over claims, starts and completions, which move no call; without a list of columns, for a
-- trigger may have moved it. Named to fire after crm_call_tasks_log_update, which locks the customer: customers before
-- days, as orders do.
create or replace trigger crm_call_tasks_tally_update
after update on trustcart.crm_call_tasks
for each row
when (
    (
        case when old.status not in ('skipped', 'cancelled') then old.assigned_agent_id end
        is distinct from
        case when new.status not in ('skipped', 'cancelled') then new.assigned_agent_id end
    )
    or (
        old.task_date <> new.task_date
        and new.assigned_agent_id is not null
        and new.status not in ('skipped', 'cancelled')
    )
)
execute function trustcart_private.count_agent_calls();

comment on trigger crm_call_tasks_tally_update on trustcart.crm_call_tasks is
'A call that goes to another agent or day, or is skipped or cancelled, changes the days of its agents.';
