-- requires: log_audit_trail

-- Decisions, not the course of the day: a completed call has its interaction and attempt, and what the daily job
-- carries over or lets expire is told by the tasks themselves.
create or replace trigger crm_call_tasks_audit_update
after update on trustcart.crm_call_tasks
for each row
when (
    (old.customer_id, old.task_type, old.priority, old.task_date)
    is distinct from (new.customer_id, new.task_type, new.priority, new.task_date)
    or (old.assigned_agent_id is distinct from new.assigned_agent_id and new.status = 'pending')
    or (old.status <> new.status and new.status in ('skipped', 'cancelled'))
    or old.status not in ('pending', new.status)
)
execute function trustcart.log_audit_trail();

comment on trigger crm_call_tasks_audit_update on trustcart.crm_call_tasks is
'Writes to audit_logs who gave a call to another agent, moved, re-ranked, skipped or cancelled it.';
