-- requires: own_agent_ids

drop policy if exists agent_working_hours_agents on trustcart.agent_working_hours;
create policy agent_working_hours_agents on trustcart.agent_working_hours
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy agent_working_hours_agents on trustcart.agent_working_hours is
'Agents: their own and their team''s.';
