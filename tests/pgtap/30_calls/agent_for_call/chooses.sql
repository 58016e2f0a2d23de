-- The own agent, else the one with the fewest pending calls of the date.
begin;
select plan(5);

select is(trustcart_private.agent_for_call(1, '2025-06-18'), null, 'nobody');
insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false);
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'Own', 1), (2, 'None', null), (3, 'Gone', 3);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
values (1, 1, '2025-06-18', 'pending'), (1, 2, '2025-06-18', 'completed'), (1, 2, '2025-06-19', 'pending');
select is(trustcart_private.agent_for_call(1, '2025-06-18'), 1::bigint, 'the own agent, whatever the load');
select is(trustcart_private.agent_for_call(2, '2025-06-18'), 2::bigint, 'the least loaded of that day');
select is(trustcart_private.agent_for_call(3, '2025-06-19'), 1::bigint, 'not one who left');
select is(trustcart_private.agent_for_call(2, '2025-06-20'), 1::bigint, 'of equal ones the first');

select * from finish();
rollback;
