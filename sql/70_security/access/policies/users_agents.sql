-- requires: own_agent_ids

drop policy if exists users_agents on trustcart.users;
create policy users_agents on trustcart.users
to trustcart_agent
using (
    id = any((select trustcart_private.own_agent_ids())::bigint[])
);

comment on policy users_agents on trustcart.users is
'Agents: themselves and their team; user_name() tells the names of others.';
