-- requires: crm_call_tasks_agents

drop policy if exists crm_call_task_assignments_agents on trustcart.crm_call_task_assignments;
create policy crm_call_task_assignments_agents on trustcart.crm_call_task_assignments
to trustcart_agent
using (
    exists (
        select from trustcart.crm_call_tasks as t
        where t.id = crm_call_task_assignments.task_id
    )
);

comment on policy crm_call_task_assignments_agents on trustcart.crm_call_task_assignments is
'Agents: those of the calls that they may see.';
