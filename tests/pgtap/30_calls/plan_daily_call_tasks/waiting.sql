-- Who found no place is first in line the next day, within the priority, until called or no longer due.
begin;
select plan(17);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent');
update trustcart.settings set calls_per_agent_day = 2;
-- Six of one priority, at risk, the lowest id worth most.
insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 6) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, '2025-04-10', 700 - g.n * 10, 'delivered' from generate_series(1, 6) as g (n);

select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array[1, 2]::bigint [],
    'on the first day the most valuable are called'
);
select is(
    trustcart.generate_daily_call_tasks('2025-06-18') ->> 'no_capacity', '4', 'four found no place'
);
select results_eq(
    $$select l.customer_id, l.waiting_since, l.ended_on from trustcart.call_waiting_list as l order by 1$$,
    $$values (3::bigint, date '2025-06-18', null::date), (4, '2025-06-18', null), (5, '2025-06-18', null),
    (6, '2025-06-18', null)$$,
    'they wait'
);
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array[1, 2]::bigint [],
    'the plan of the day itself does not know that'
);

-- 1 and 2 were not called either: nothing forbids them the next day, but they had their place.
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-19') as p
        where p.decision = 'kept'
    ),
    array[3, 4]::bigint [],
    'the next day those who waited go first'
);
select trustcart.generate_daily_call_tasks('2025-06-19');
select results_eq(
    $$select l.customer_id, l.waiting_since, l.ended_on from trustcart.call_waiting_list as l order by 1$$,
    $$values (1::bigint, date '2025-06-19', null::date), (2, '2025-06-19', null),
    (3, '2025-06-18', '2025-06-19'), (4, '2025-06-18', '2025-06-19'), (5, '2025-06-18', null), (6, '2025-06-18', null)$$,
    'a place ends the waiting; the others go on from their first day'
);
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-19') as p
        where p.decision = 'kept'
    ),
    array[3, 4]::bigint [],
    'planned again it gives the same, though their waiting is over by now'
);
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-20') as p
    ),
    array[5, 6, 1, 2, 3, 4]::bigint [],
    'who waits longest is first'
);

-- The priority goes before, and what was promised for the day.
insert into trustcart.customers (id, first_name) values (7, 'Gold'), (8, 'Asked');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (7, '2025-04-10', 60000, 'delivered');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome, interaction_date, follow_up_date)
values (8, 'call', 'outbound', 'follow_up_needed', '2025-06-10 10:00+06', '2025-06-20');
select is(
    (
        select array_agg(p.customer_id order by p.list_position) from trustcart.plan_daily_call_tasks('2025-06-20') as p
        where p.decision = 'kept'
    ),
    array[7, 8]::bigint [],
    'a hot customer, then one who was promised a call, go before who waits'
);
select is(
    (select p.list_position from trustcart.plan_daily_call_tasks('2025-06-20') as p where p.customer_id = 5),
    3,
    'who waits comes next'
);
update trustcart.call_task_types set can_wait = true where task_type = 'follow_up';
select is(
    (select p.list_position from trustcart.plan_daily_call_tasks('2025-06-20') as p where p.customer_id = 8),
    8,
    'what can wait is a matter of call_task_types'
);
update trustcart.call_task_types set can_wait = false where task_type = 'follow_up';

-- No longer due.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (6, '2025-06-19', 100, 'delivered');
update trustcart.call_task_types set is_enabled = false where task_type = 'new_customer';
select trustcart.generate_daily_call_tasks('2025-06-20');
select is(
    (select l.ended_on from trustcart.call_waiting_list as l where l.customer_id = 6),
    date '2025-06-20',
    'who has ordered waits no more'
);
select is(
    (select count(*) from trustcart.call_waiting_list as l where l.customer_id = 5 and l.ended_on is null),
    1::bigint,
    'who is still due and without a place waits on'
);

-- Generated out of turn, entries of one customer may both reach a day.
insert into trustcart.call_waiting_list (customer_id, waiting_since, ended_on) values (5, '2025-06-10', '2025-06-25');
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-21') as p where p.customer_id = 5),
    1::bigint,
    'and yet there is one row a customer'
);
select throws_ok(
    $$insert into trustcart.call_waiting_list (customer_id, waiting_since) values (5, '2025-06-21')$$,
    '23505', null, 'nobody waits twice'
);

-- A call carried over has been in line since it was first planned.
insert into trustcart.customers (id, first_name) values (9, 'Carried'), (10, 'Carried longer');
insert into trustcart.crm_call_tasks
    (id, customer_id, assigned_agent_id, task_type, priority, task_date, first_planned_on, created_at)
values
(901, 9, 1, 'at_risk', 'warm', '2025-07-17', '2025-07-16', '2025-07-16 05:00+06'),
(902, 10, 1, 'at_risk', 'warm', '2025-07-17', '2025-07-15', '2025-07-15 05:00+06');
delete from trustcart.call_waiting_list;
insert into trustcart.call_waiting_list (customer_id, waiting_since)
values (1, '2025-07-15'), (2, '2025-07-16'), (3, '2025-07-17');
select results_eq(
    $$select p.customer_id from trustcart.plan_daily_call_tasks('2025-07-18') as p
    where p.customer_id in (1, 2, 3, 4, 9, 10) order by p.list_position$$,
    array[1, 10, 2, 9, 3, 4]::bigint [],
    'a call carried over is in line since it was first planned, after who found no place that day'
);
insert into trustcart.call_waiting_list (customer_id, waiting_since) values (9, '2025-07-14');
select is(
    (
        select p.customer_id from trustcart.plan_daily_call_tasks('2025-07-18') as p
        where p.customer_id in (1, 2, 3, 4, 9, 10) order by p.list_position limit 1
    ),
    9::bigint,
    'who waited before that: since then'
);

select * from finish();
rollback;
