begin;
select plan(3);

insert into trustcart.customers (id) values (900001);
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (900001, 900001, '2031-03-12');

select throws_ok($$select trustcart.call_script(null)$$, 'TC003', null, 'without a task');
select throws_ok($$select trustcart.call_script(900002)$$, 'TC004', null, 'no such task');
select throws_ok($$select trustcart.call_script(900001, null)$$, 'TC001', null, 'null is no date');

select * from finish();
rollback;
