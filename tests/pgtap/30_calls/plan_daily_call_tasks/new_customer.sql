-- new_customer: first order in the last 30 days; up to 3 calls, at least 7 days apart.
begin;
select plan(9);

insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 9) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, '2025-06-17', 500, 'delivered'),
(2, '2025-05-19', 500, 'delivered'),
(3, '2025-05-18', 500, 'delivered'),
(4, '2025-06-18', 500, 'delivered'),
(5, '2025-06-17', 500, 'cancelled'),
(6, '2025-06-01', 500, 'delivered'),
(7, '2025-06-01', 500, 'delivered'),
(8, '2025-05-20', 500, 'delivered'),
(9, '2025-05-20', 500, 'delivered');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(6, 'call', 'outbound', '2025-06-12 10:00+06'),
(7, 'call', 'outbound', '2025-06-11 10:00+06'),
-- three days, on one of them twice
(8, 'call', 'outbound', '2025-05-21 10:00+06'),
(8, 'call', 'outbound', '2025-05-28 10:00+06'),
(8, 'call', 'outbound', '2025-05-28 11:00+06'),
(8, 'call', 'outbound', '2025-06-04 10:00+06'),
-- not calls of ours, or before there was an order
(9, 'call', 'outbound', '2025-05-10 10:00+06'),
(9, 'call', 'inbound', '2025-05-30 10:00+06'),
(9, 'whatsapp', 'outbound', '2025-06-16 11:00+06'),
(9, 'call', 'outbound', '2025-05-28 11:00+06'),
(9, 'call', 'outbound', '2025-06-04 10:00+06');

-- the same days once more, as attempts
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (9, '2025-05-28 12:00+06', 'no_answer'), (9, '2025-06-04 12:00+06', 'no_answer');

select results_eq(
    $$select p.customer_id, p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.task_type = 'new_customer' order by 1$$,
    $$values (1::bigint, 'kept'), (2, 'kept'), (6, 'dropped'), (7, 'kept'), (8, 'dropped'), (9, 'kept')$$,
    'a first order within 30 days, before the day itself; cancelled orders are none'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 6),
    'called on 2025-06-12, less than 7 days ago',
    'six days apart are too few'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 8),
    'cadence exhausted, 3 calls',
    'three calls are enough'
);
select is(
    (select p.reasons from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 9),
    '[{"task_type": "new_customer", "rank": 40, "first_order_date": "2025-05-20", "calls_before": 2}]'::jsonb,
    'only calls that went out since the first order count'
);
select is(
    (select p.priority from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    'cold',
    'the priority of a new customer is that of customer_intelligence'
);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (1, '2025-06-17 23:30+06', 'no_answer'), (2, '2025-06-18 00:30+06', 'no_answer');
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    'dropped',
    'an attempt counts like a call, by the day of the business time zone'
);
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 2),
    'kept',
    'what happened on the day itself is not known to its plan'
);
-- One completed task is one call, though it leaves a task, an interaction and an attempt.
insert into trustcart.customers (id, first_name) values (20, 'Of today'), (21, 'Of next week');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (20, trustcart.business_date() - 1, 500, 'delivered'), (21, trustcart.business_date() + 7, 500, 'confirmed');
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (900, 20, trustcart.business_date());
select trustcart.complete_call_task(900, 'successful');
select results_eq(
    $$select p.customer_id, p.task_type, (p.reasons -> 0 ->> 'calls_before')::integer
    from trustcart.plan_daily_call_tasks(trustcart.business_date() + 8) as p where p.customer_id in (20, 21) order by 1$$,
    $$values (20::bigint, 'new_customer', 1), (21, 'new_customer', 0)$$,
    'a completed task counts once; an order dated ahead counts when its day is past, refreshed or not'
);
update trustcart.call_task_types set max_calls = 4, min_gap_days = 3 where task_type = 'new_customer';
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept' and p.customer_id in (6, 8)
    ),
    2::bigint,
    'the cadence is a matter of call_task_types'
);

select * from finish();
rollback;
