-- An agent dials: the call is claimed and begun.
begin;
select plan(5);

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 3) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 2, trustcart.business_date()), (3, 3, 1, trustcart.business_date());

select isnt(told('agent_one', $$select trustcart_api.start_call(1) ->> 'started_at'$$), 'null', 'begun');
select is((select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 1), 1::bigint, 'and claimed by who dialled');
select is(told('agent_one', 'select trustcart_api.start_call(2)'), 'TC403', 'another agent''s is not');
select is(told('agent_one', 'select trustcart_api.start_call(99)'), 'TC004', 'there is no such call');
select trustcart.record_consent(3, 'call', false);
select is(told('agent_one', 'select trustcart_api.start_call(3)'), 'TC103', 'who refused calls is not called');

select * from finish();
rollback;
