-- requires: own_agent_ids

drop policy if exists agent_leave_agents on trustcart.agent_leave;
create policy agent_leave_agents on trustcart.agent_leave
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy agent_leave_agents on trustcart.agent_leave is
'Agents: their own and their team''s.';
