-- requires: own_agent_ids

drop policy if exists agent_skills_agents on trustcart.agent_skills;
create policy agent_skills_agents on trustcart.agent_skills
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy agent_skills_agents on trustcart.agent_skills is
'Agents: their own and their team''s.';
