-- The call to make now: the one in hand, else the next.
begin;
select plan(11);
set local client_min_messages = error;

create role agent_one login in role trustcart_agent;
create role agent_two login in role trustcart_agent;
insert into trustcart.users (id, name, db_role, role) values
(1, 'One', 'agent_one', 'crm_agent'), (2, 'Two', 'agent_two', 'crm_agent'), (3, 'Boss', null, 'crm_manager'),
(4, 'Ill', null, 'crm_agent');
insert into trustcart.agent_leave (agent_id, during, reason)
values (4, daterange(trustcart.business_date(), trustcart.business_date(), '[]'), 'ill');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority)
values
(1, 1, 1, trustcart.business_date(), 'cold'), (2, 2, 1, trustcart.business_date(), 'hot'),
(3, 3, 2, trustcart.business_date(), 'hot');

select is(told('agent_one', $$select trustcart_api.next_call(p_request_id => 'k')$$), '{"task_id": 2}', 'the hot one');
select is(told('agent_one', 'select trustcart_api.next_call()'), '{"task_id": 2}', 'asked again, it is still in hand');
select is(
    told('agent_one', $$select trustcart_api.next_call(p_request_id => 'k')$$), '{"task_id": 2}', 'the request again'
);
select is(told('agent_one', 'select trustcart_api.next_call(2)'), 'TC403', 'not for another agent');
select trustcart.complete_call_task(2, 'successful');
select is(told('agent_one', 'select trustcart_api.next_call()'), '{"task_id": 1}', 'settled, the next');
select is(
    told('agent_one', $$select trustcart_api.next_call(p_request_id => 'k')$$), '{"task_id": 2}',
    'the same request is answered the same'
);
select trustcart.complete_call_task(1, 'successful');
select is(told('agent_one', 'select trustcart_api.next_call()'), '{"task_id": null}', 'the list is done');
select is(trustcart_api.next_call(2) ->> 'task_id', '3', 'a manager may hand out');
select throws_ok('select trustcart_api.next_call()', 'TC003', 'agentId is required', 'nobody asks for nobody');
select throws_ok('select trustcart_api.next_call(3)', 'TC201', null, 'a manager calls nobody');
select throws_ok('select trustcart_api.next_call(4)', 'TC207', null, 'who is away, neither');

select * from finish();
rollback;
