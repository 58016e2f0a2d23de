-- A claim ends with the task's being pending, or with its going to another agent; what was before an outcome is kept.
begin;
select plan(9);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, claimed_by, claimed_at, before_outcome)
select g.n, 1, 1, trustcart.business_date(), 1, now(), '{}' from generate_series(1, 5) as g (n);

select is((select count(before_outcome) from trustcart.crm_call_tasks), 0::bigint, 'a new task has nothing to undo');
update trustcart.crm_call_tasks set priority = 'hot' where id = 1;
select is((select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 1), 1::bigint, 'other changes leave it');
update trustcart.crm_call_tasks set status = 'completed', outcome = 'successful' where id = 1;
update trustcart.crm_call_tasks set status = 'skipped' where id = 2;
update trustcart.crm_call_tasks set status = 'cancelled' where id = 3;
update trustcart.crm_call_tasks set assigned_agent_id = 2 where id = 4;
select is_empty(
    $$select t.id from trustcart.crm_call_tasks as t where t.id < 5 and (t.claimed_by is not null or t.claimed_at is not null)$$,
    'completed, skipped, cancelled or handed over it is nobody''s claim'
);
select is((select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 5), 1::bigint, 'others are not touched');
select results_eq(
    $$select t.id from trustcart.crm_call_tasks as t where t.before_outcome is not null order by t.id$$,
    array[1, 2]::bigint [], 'an outcome can be undone, a cancellation not'
);
select is(
    (select t.before_outcome ->> 'claimed_by' from trustcart.crm_call_tasks as t where t.id = 1), '1', 'whose it was'
);
update trustcart.crm_call_tasks set notes = 'corrected', before_outcome = null where id = 1;
select isnt(
    (select t.before_outcome from trustcart.crm_call_tasks as t where t.id = 1), null, 'a correction does not change that'
);
update trustcart.crm_call_tasks set status = 'pending' where id = 2;
select is((select t.before_outcome from trustcart.crm_call_tasks as t where t.id = 2), null, 'reopened there is none');
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status, claimed_by, claimed_at)
values (6, 1, trustcart.business_date(), 'completed', 1, now());
select is((select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 6), null, 'nor is one entered as done');

select * from finish();
rollback;
