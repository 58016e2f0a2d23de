-- Calls of past days, when not everything is as it was when the day began: none is followed twice, none comes back.
begin;
select plan(16);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 9) as g (n);
create function pg_temp.today(p_days integer default 0) returns date language sql
as 'select trustcart.business_date() + p_days';
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, priority, task_date, created_at)
select 900 + g.n, g.n, 1, 'other', case when g.n = 1 then 'hot' else 'cold' end, pg_temp.today(-1), now() - interval '2 days'
from generate_series(1, 7) as g (n);
create temporary table morning on commit drop as select p.* from trustcart.plan_daily_call_tasks() as p;
create temporary table report on commit drop as
select r.total_tasks, r.completed from trustcart.report_daily(pg_temp.today(-1)) as r;

-- Before the list is written: put off to tomorrow, skipped, called, cancelled, deleted.
select trustcart.reschedule_call_tasks(1, pg_temp.today(1), '{hot}', pg_temp.today(-1));
select trustcart.skip_call_task(902, 'moved abroad');
select trustcart.complete_call_task(903, 'no_answer');
update trustcart.crm_call_tasks set status = 'cancelled' where id = 904;
insert into trustcart.customer_interactions (customer_id, interaction_type) values (5, 'call');
-- An agent has one of them on the list of the day before still.
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 906;

select results_eq(
    $$select p.customer_id, p.carried_from from trustcart.plan_daily_call_tasks() as p order by 1$$,
    $$select m.customer_id, m.carried_from from morning as m order by 1$$,
    'the plan is that of the morning'
);
select lives_ok('select trustcart.generate_daily_call_tasks()', 'the list is written all the same');
select results_eq(
    $$select t.customer_id, t.predecessor_id from trustcart.crm_call_tasks as t
    where t.task_date = pg_temp.today() and t.source = 'generated' order by 1$$,
    $$values (6::bigint, 906::bigint), (7, 907)$$,
    'with the calls that are still to be made'
);
select results_eq(
    $$select t.id, t.status from trustcart.crm_call_tasks as t where t.task_date = pg_temp.today(-1) order by 1$$,
    $$values (901::bigint, 'carried'), (902, 'skipped'), (903, 'completed'), (904, 'cancelled'), (905, 'expired'),
    (906, 'carried'), (907, 'carried')$$,
    'none of the past is open any more, and none is changed that was closed'
);
select is(
    (select t.close_reason from trustcart.crm_call_tasks as t where t.id = 905),
    format('called on %s', pg_temp.today()),
    'whoever was called today needs no second call'
);
select is(
    (select array_agg(t.task_date) from trustcart.crm_call_tasks as t where t.predecessor_id = 901),
    array[pg_temp.today(1)],
    'what was put off stays put off'
);
select is(
    (select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 906), null, 'a claim ends with the task'
);
select is(
    (select r.total_tasks from trustcart.report_daily(pg_temp.today(-1)) as r),
    (select r.total_tasks from report as r),
    'the past day keeps its figures'
);
select throws_ok(
    'select trustcart.complete_call_task(907, ''no_answer'')', 'TC103', null, 'a call carried over is completed in its successor'
);
select results_eq(
    $$select r.result ->> 'created', r.result ->> 'carried', r.result ->> 'expired'
    from (select trustcart.generate_daily_call_tasks() as result) as r$$,
    $$values ('0', '0', '0')$$,
    'again: nothing'
);
select is_empty('select 1 from trustcart.check_agent_days()', 'the agents'' days are counted right');

-- The successor is deleted: it is written again and follows the same.
delete from trustcart.crm_call_tasks where predecessor_id = 907;
select trustcart.generate_daily_call_tasks();
select is(
    (select t.customer_id from trustcart.crm_call_tasks as t where t.predecessor_id = 907),
    7::bigint,
    'a successor that is missing is written again'
);

-- Tomorrow's list is written before today's.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, created_at)
values (950, 8, 'other', pg_temp.today(-1), now() - interval '2 days');
select trustcart.generate_daily_call_tasks(pg_temp.today(1));
select lives_ok('select trustcart.generate_daily_call_tasks()', 'and then today''s');
select is(
    (select array_agg(t.task_date) from trustcart.crm_call_tasks as t where t.predecessor_id = 950),
    array[pg_temp.today(1)],
    'a call goes on once'
);
select is_empty(
    $$select 1 from trustcart.crm_call_tasks as t where t.status = 'pending' group by t.customer_id having count(*) > 1$$,
    'nobody has two open calls'
);

-- A fresh reason of the day stands, whatever became of yesterday's call.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (9, pg_temp.today(-70), 500, 'delivered');
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, created_at)
values (960, 9, 'at_risk', pg_temp.today(-1), now() - interval '2 days');
select trustcart.skip_call_task(960, 'no time');
select trustcart.generate_daily_call_tasks();
select results_eq(
    $$select t.task_type, t.predecessor_id from trustcart.crm_call_tasks as t
    where t.customer_id = 9 and t.task_date = pg_temp.today()$$,
    $$values ('at_risk', null::bigint)$$,
    'it follows no task that was settled'
);

select * from finish();
rollback;
