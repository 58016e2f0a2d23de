-- What next_call() and record_call_outcome() hand out: their tests tell the rest.
begin;
select plan(2);

insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'C1'), (2, 'C2');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 1, trustcart.business_date());
select is(trustcart_private.take_next_call(1), 1::bigint, 'the next');
select is(trustcart_private.take_next_call(1), 1::bigint, 'one at a time');

select * from finish();
rollback;
