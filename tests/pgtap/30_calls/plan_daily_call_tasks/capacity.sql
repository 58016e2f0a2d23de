-- What does not fit into the agents' day is dropped with "no capacity", the lowest value first, hot before warm before cold.
begin;
select plan(20);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
-- 1-4 hot (60,000 and more), 5-8 warm (at risk), 9-12 cold (repeat, due); within each the lowest id is worth most.
insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 12) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, date '2025-04-10', 70000 - g.n * 1000, 'delivered' from generate_series(1, 4) as g (n)
union all
select g.n, '2025-04-10', 700 - g.n * 10, 'delivered' from generate_series(5, 8) as g (n)
union all
select g.n, o.ordered_on, 700 - g.n * 10, 'delivered'
from generate_series(9, 12) as g (n)
cross join (values (date '2025-05-09'), ('2025-05-29')) as o (ordered_on);
-- 18 June 2025 was a Wednesday.
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'kept'),
    12::bigint,
    'where there is room everybody is called'
);

update trustcart.settings set calls_per_agent_day = 3;
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'kept' group by 1 order by 1$$,
    $$values (1::bigint, 3::bigint), (2, 3)$$,
    'nobody gets more calls than settings allow'
);
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array[1, 2, 3, 4, 5, 6]::bigint [],
    'hot before warm before cold, within a priority who is worth most'
);
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array[1, 2, 3, 4, 5, 6]::bigint [],
    'the list is in that order'
);
select results_eq(
    $$select distinct p.decision, p.why, p.agent_id from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id > 6$$,
    $$values ('dropped', 'no capacity', null::bigint)$$,
    'the rest is in the plan too, and says why not'
);
select is(
    (
        select array_agg(p.task_type || ' ' || p.priority order by p.customer_id)
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id in (7, 9)
    ),
    array['at_risk warm', 'repeat_reminder cold'],
    'and what it would have been'
);

-- A number of the weekday's own.
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
values (1, 3, '09:00', '17:00', 1), (1, 4, '09:00', '17:00', null);
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'kept' group by 1 order by 1$$,
    $$values (1::bigint, 1::bigint), (2, 3)$$,
    'the weekday''s number goes before that of settings'
);
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-19') as p
    where p.decision = 'kept' group by 1 order by 1$$,
    $$values (1::bigint, 3::bigint), (2, 3)$$,
    'a weekday without one has that of settings'
);
select results_eq(
    $$select distinct p.agent_id from trustcart.plan_daily_call_tasks('2025-06-20') as p where p.decision = 'kept'$$,
    $$values (2::bigint)$$,
    'who has working hours works on those weekdays only'
);
update trustcart.agent_working_hours set max_calls = 0 where weekday = 3;
select results_eq(
    $$select distinct p.agent_id from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'kept'$$,
    $$values (2::bigint)$$,
    'no calls on a weekday are none'
);

-- Nobody is there: why says so.
insert into trustcart.agent_leave (agent_id, during) values (2, '[2025-06-20,2025-06-22)');
select results_eq(
    $$select distinct p.decision, p.why from trustcart.plan_daily_call_tasks('2025-06-20') as p$$,
    $$values ('dropped', 'no capacity: not a working day, on leave')$$,
    'one does not work that day, the other is on leave'
);
select is(
    (
        select array_agg(distinct p.agent_id order by p.agent_id)
        from trustcart.plan_daily_call_tasks('2025-06-22') as p where p.decision = 'kept'
    ),
    array[2]::bigint [],
    'leave ends before the day after it'
);
insert into trustcart.shop_holidays (holiday_on, name) values ('2025-06-18', 'Eid');
select results_eq(
    $$select distinct p.decision, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p$$,
    $$values ('dropped', 'no capacity: holiday: Eid')$$,
    'nobody calls on a holiday'
);
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-18')), 12::bigint, 'every candidate is told of'
);
update trustcart.agent_working_hours set max_calls = null;
delete from trustcart.shop_holidays;

-- Calls arranged by hand before the day take places; those arranged on it do not change its plan.
insert into trustcart.customers (id, first_name) select g.n, 'Arranged ' || g.n from generate_series(51, 54) as g (n);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_type, task_date, created_at)
values
(51, 1, 'other', '2025-06-18', '2025-06-17 12:00+06'),
(52, 1, 'other', '2025-06-18', '2025-06-17 23:59+06'),
(53, 1, 'other', '2025-06-18', '2025-06-18 00:00+06'),
(54, 2, 'other', '2025-06-19', '2025-06-17 12:00+06');
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'kept' group by 1 order by 1$$,
    $$values (1::bigint, 1::bigint), (2, 3)$$,
    'two of the three places were taken when the day began'
);
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array[1, 2, 3, 4]::bigint [],
    'and those who give way are the least valuable'
);
-- Closed before the day began, whatever the trigger would say of the time.
set local session_replication_role = replica;
update trustcart.crm_call_tasks set status = 'skipped', closed_at = '2025-06-17 23:00+06' where customer_id = 51;
update trustcart.crm_call_tasks set status = 'skipped', closed_at = '2025-06-18 10:00+06' where customer_id = 52;
set local session_replication_role = origin;
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept' and p.agent_id = 1
    ),
    2::bigint,
    'one skipped the day before has given its place back, one skipped on the day had it in the morning'
);

-- Without agents there is no cap.
update trustcart.users set is_active = false;
select results_eq(
    $$select p.decision, p.agent_id, p.why_agent, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id <= 12 group by 1, 2, 3$$,
    $$values ('kept', null::bigint, 'no active agent', 12::bigint)$$,
    'a shop without agents keeps all calls, unassigned'
);
insert into trustcart.shop_holidays (holiday_on, name) values ('2025-06-18', 'Eid');
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.customer_id <= 12 and p.decision = 'kept'
    ),
    12::bigint,
    'there nobody takes a holiday'
);
insert into trustcart.users (id, name, role) values (3, 'C', 'crm_agent');
insert into trustcart.agent_leave (agent_id, during) values (3, '[2025-06-19,2025-06-20)');
select results_eq(
    $$select distinct p.decision, p.why from trustcart.plan_daily_call_tasks('2025-06-19') as p
    where p.customer_id <= 12$$,
    $$values ('dropped', 'no capacity: on leave')$$,
    'a single agent on leave is none for the day, not a shop without'
);

select * from finish();
rollback;
