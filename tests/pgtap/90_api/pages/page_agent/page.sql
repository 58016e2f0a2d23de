-- The agent dashboard: one's own, the team's, anybody's.
begin;
select plan(11);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', null),
(4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 3) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 1, trustcart.business_date()), (3, 3, 2, trustcart.business_date());

select is(
    told('agent_one', $$select p -> 'agents' || jsonb_build_array(p #> '{agent,id}', p -> 'call') from
    trustcart_api.page_agent() as p$$),
    '[{"id": 1, "name": "One"}, 1, null]', 'one''s own, nothing in hand'
);
select is(told('agent_one', $$select trustcart_api.page_agent(p_task_id => 2) #>> '{call,task,id}'$$), '2', 'a call that is asked for');
select trustcart.claim_next_call(1);
select is(told('agent_one', $$select trustcart_api.page_agent() #>> '{call,task,id}'$$), '1', 'the call in hand');
select is(
    told('agent_one', $$select trustcart_api.page_agent(p_date => (trustcart.business_date() - 1)::text) ->> 'call'$$), 'null',
    'which is not of yesterday'
);
select is(told('agent_one', 'select trustcart_api.page_agent(2)'), 'TC403', 'another agent''s is not shown');
select is(told('agent_one', 'select trustcart_api.page_agent(p_task_id => 3)'), 'TC403', 'nor another agent''s call');
select is(
    told('leader', $$select jsonb_path_query_array(trustcart_api.page_agent(1), '$.agents[*].name')$$), '["Leader", "One"]',
    'a leader looks at the team'
);
select is(
    told('boss', $$select jsonb_path_query_array(p, '$.agents[*].id') || (p -> 'agent') from trustcart_api.page_agent() as p$$),
    '[3, 1, 2, null]', 'a manager chooses'
);
select is(told('boss', $$select trustcart_api.page_agent(2) #>> '{agent,name}'$$), 'Two', 'anybody');
select isnt(told('boss', $$select trustcart_api.page_agent(2) #>> '{task_types,0,task_type}'$$), 'null', 'the types of calls');
select throws_ok('select trustcart_api.page_agent()', 'TC402', null, 'nobody sees nothing');

select * from finish();
rollback;
