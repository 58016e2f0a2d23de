-- requires: own_agent_ids

drop policy if exists agent_languages_agents on trustcart.agent_languages;
create policy agent_languages_agents on trustcart.agent_languages
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy agent_languages_agents on trustcart.agent_languages is
'Agents: their own and their team''s.';
