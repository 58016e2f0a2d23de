-- Of whose calls an open page is told.
begin;
select plan(7);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
create role nobody_known login in role trustcart_agent;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', null),
(4, 'Boss', 'boss', 'crm_manager', null);

select is(told('agent_one', 'select trustcart_api.live_agents()'), '{"agent_ids": [1]}', 'an agent: of one''s own');
select is(told('leader', 'select trustcart_api.live_agents()'), '{"agent_ids": [3, 1]}', 'a leader: of the team''s');
select is(told('boss', 'select trustcart_api.live_agents()'), '{"agent_ids": null}', 'a manager: of all');
select is(told('boss', 'select trustcart_api.live_agents(2)'), '{"agent_ids": [2]}', 'or of one');
select is(told('leader', 'select trustcart_api.live_agents(1)'), '{"agent_ids": [1]}', 'of the team');
select is(told('agent_one', 'select trustcart_api.live_agents(2)'), 'TC403', 'not of another agent''s');
select is(told('nobody_known', 'select trustcart_api.live_agents()'), 'TC402', 'nobody is told');

select * from finish();
rollback;
