-- Skipping closes a task without a call: no interaction, no attempt, no cadence.
begin;
select plan(8);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date)
values (1, 1, trustcart.business_date()), (2, 1, trustcart.business_date());

select results_eq(
    $$select t.status, t.close_reason, t.closed_at is not null, t.completed_at
    from trustcart.skip_call_task(1, ' number is wrong ') as t$$,
    $$values ('skipped', 'number is wrong', true, null::timestamptz)$$,
    'skipped, with the reason'
);
select is((trustcart.skip_call_task(2)).close_reason, null, 'or without one');
select is_empty($$select 1 from trustcart.customer_interactions$$, 'no interaction');
select is_empty($$select 1 from trustcart.crm_call_attempts$$, 'no attempt');
select throws_ok($$select trustcart.skip_call_task(1)$$, 'TC102', null, 'only once');
select throws_ok($$select trustcart.start_call_task(1)$$, 'TC102', null, 'and not started again');
select throws_ok($$select trustcart.skip_call_task(null)$$, 'TC003', null, 'no task');
select throws_ok($$select trustcart.skip_call_task(99)$$, 'TC004', null, 'unknown task');

select * from finish();
rollback;
