-- requires: own_agent_ids

drop policy if exists agent_days_agents on trustcart.agent_days;
create policy agent_days_agents on trustcart.agent_days
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy agent_days_agents on trustcart.agent_days is
'Agents: their own and their team''s.';
