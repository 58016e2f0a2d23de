begin;
select plan(9);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Elsewhere', null, 'crm_agent', null);
insert into trustcart.customers (id) select g from generate_series(101, 104) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date) values
(1001, 101, 1, trustcart.business_date()), (1002, 102, 5, trustcart.business_date()),
(1003, 103, null, trustcart.business_date()), (1004, 104, 1, trustcart.business_date());
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now(), started_at = now() where id = 1004;

select is(
    told('leader', $$select (trustcart_api.hand_over_call(1001, 2, 'knows them') - 'task_date')::text$$)::jsonb,
    '{"id": 1001, "assigned_agent_id": 2, "agent_name": "Two", "why_agent": "knows them"}', 'one of the team to another'
);
select is(told('leader', 'select trustcart_api.hand_over_call(1001, 5)'), 'TC403', 'not to another team');
select is(told('leader', 'select trustcart_api.hand_over_call(1002, 1)'), 'TC403', 'not another team''s');
select is(told('leader', 'select trustcart_api.hand_over_call(1003, 1)'), 'TC403', 'not the pool''s');
select is(told('agent_one', 'select trustcart_api.hand_over_call(1004, 1)'), 'TC403', 'an agent hands nothing over');
select is(told('boss', 'select trustcart_api.hand_over_call(1003, 5) ->> ''agent_name'''), 'Elsewhere', 'a manager any');
select is(told('boss', 'select trustcart_api.hand_over_call(1004, 5)'), 'TC109', 'not one that is begun');
select throws_ok('select trustcart_api.hand_over_call(null, 1)', 'TC003', 'taskId is required', 'no call');
select throws_ok('select trustcart_api.hand_over_call(1001, null)', 'TC003', 'agentId is required', 'to nobody');

select * from finish();
rollback;
