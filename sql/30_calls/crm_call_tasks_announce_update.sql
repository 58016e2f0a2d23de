-- requires: announce_calls

-- By row, for WHEN passes over what no list shows before anything is called: statements that change nothing, as most
-- orders make them, and claims, thousands a second where many agents ask for their next call at once. NOTIFY would make
-- those commit one after the other. What is claimed shows when it is begun.
create or replace trigger crm_call_tasks_announce_update
after update on trustcart.crm_call_tasks
for each row
when (
    (
        old.assigned_agent_id, old.customer_id, old.task_date, old.status, old.priority, old.due_at, old.call_from,
        old.call_until, old.started_at, old.outcome, old.notes
    )
    is distinct from
    (
        new.assigned_agent_id, new.customer_id, new.task_date, new.status, new.priority, new.due_at, new.call_from,
        new.call_until, new.started_at, new.outcome, new.notes
    )
)
execute function trustcart_private.announce_calls();

comment on trigger crm_call_tasks_announce_update on trustcart.crm_call_tasks is
'What changes in a call is told to the open pages of its agent, and of the one who had it before.';
