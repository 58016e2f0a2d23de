-- requires: own_agent_ids

drop policy if exists crm_call_tasks_agents on trustcart.crm_call_tasks;
create policy crm_call_tasks_agents on trustcart.crm_call_tasks
to trustcart_agent
using (
    assigned_agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
    or claimed_by = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy crm_call_tasks_agents on trustcart.crm_call_tasks is
'Agents: their own calls, those they have claimed, and their team''s.';
