begin;
select plan(6);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(5, 'Elsewhere', null, 'crm_agent', null);
insert into trustcart.agent_leave (id, agent_id, during) values
(901, 1, '[2150-01-01,2150-01-02)'), (902, 5, '[2150-01-01,2150-01-02)');

select is(told('leader', 'select trustcart_api.withdraw_leave(902)'), 'TC403', 'not another team''s');
select is(told('agent_one', 'select trustcart_api.withdraw_leave(901)'), 'TC403', 'not an agent''s own');
select is(told('leader', 'select trustcart_api.withdraw_leave(901)::text')::jsonb, '{"id": 901}', 'the team''s');
select results_eq('select l.id from trustcart.agent_leave as l', array[902]::bigint[], 'it is gone, the other is not');
select throws_ok('select trustcart_api.withdraw_leave(901)', 'TC004', null, 'twice');
select throws_ok('select trustcart_api.withdraw_leave(null)', 'TC003', 'leaveId is required', 'which');

select * from finish();
rollback;
