-- requires: log_task_assignment

create or replace trigger crm_call_tasks_log_assignment
after update on trustcart.crm_call_tasks
for each row
when (old.assigned_agent_id is distinct from new.assigned_agent_id)
execute function trustcart_private.log_task_assignment();

comment on trigger crm_call_tasks_log_assignment on trustcart.crm_call_tasks is
'Every change of a task''s agent is kept: with it, who owned the task when is known.';
