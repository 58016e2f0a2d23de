-- Starting a task sets when; the duration of the call counts from there.
begin;
select plan(7);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (1, 1, trustcart.business_date());

select isnt((trustcart.start_call_task(1)).started_at, null, 'started');
create temporary table first_start on commit drop as
select t.started_at from trustcart.crm_call_tasks as t where t.id = 1;
select is((trustcart.start_call_task(1)).started_at, (select f.started_at from first_start as f), 'once');
select is((trustcart.start_call_task(1)).status, 'pending', 'and still to be completed');
select lives_ok($$select trustcart.complete_call_task(1, 'successful')$$, 'then completed');
select ok(
    (select t.completed_at >= t.started_at from trustcart.crm_call_tasks as t where t.id = 1),
    'not before it was started, though in one transaction'
);
select throws_ok($$select trustcart.start_call_task(null)$$, 'TC003', 'task_id is required', 'no task');
select throws_ok($$select trustcart.start_call_task(99)$$, 'TC004', null, 'unknown task');

select * from finish();
rollback;
