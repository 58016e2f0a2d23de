-- Empty is right; what was written past the triggers is found.
begin;
select plan(4);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) values (1, 'X');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
values (1, 1, '2025-06-18', 'pending'), (1, 1, '2025-06-18', 'cancelled'), (1, 2, '2025-06-18', 'expired'),
(1, null, '2025-06-18', 'pending');
select is_empty('select * from trustcart.check_agent_days()', 'kept by the triggers');
update trustcart.agent_days set calls = 3 where agent_id = 1;
select results_eq(
    'select * from trustcart.check_agent_days()', $$values (1::bigint, date '2025-06-18', 3, 1)$$, 'too many'
);
delete from trustcart.agent_days;
select results_eq(
    'select * from trustcart.check_agent_days()',
    $$values (1::bigint, date '2025-06-18', 0, 1), (2, '2025-06-18', 0, 1)$$, 'missing'
);
update trustcart.agent_days set calls = 0;
delete from trustcart.crm_call_tasks;
select is_empty('select * from trustcart.check_agent_days()', 'nothing of nothing');

select * from finish();
rollback;
