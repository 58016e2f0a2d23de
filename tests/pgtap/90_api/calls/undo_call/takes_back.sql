-- The wrong button is taken back, by whose call it is.
begin;
select plan(4);

create role agent_one login in role trustcart_agent;
create role agent_two login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', 'agent_two');
insert into trustcart.customers (id, first_name) values (1, 'C1');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date());

select is(told('agent_one', 'select trustcart_api.undo_call(1)'), 'TC108', 'nothing to undo');
select trustcart.complete_call_task(1, 'not_interested');
select is(told('agent_two', 'select trustcart_api.undo_call(1)'), 'TC403', 'not by another');
select is(told('agent_one', $$select trustcart_api.undo_call(1) ->> 'status'$$), 'pending', 'taken back');
select is_empty('select 1 from trustcart.customer_interactions', 'with what it wrote');

select * from finish();
rollback;
