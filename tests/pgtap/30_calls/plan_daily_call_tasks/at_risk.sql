-- at_risk: at most 2 calls, 14 days apart; then, inactive, 3 weekly win-back calls, then no more in that episode.
begin;
select plan(11);

insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 14) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, date '2025-06-18' - d.days, 500, 'delivered'
from (
    values (1, 59), (2, 60), (3, 89), (4, 90), (5, 91), (6, 400), (7, 80), (8, 80), (9, 80), (10, 120), (11, 120),
    (12, 120), (13, 120), (14, 300)
) as d (id, days)
inner join trustcart.customers as c on d.id = c.id;
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
select c.id, 'call', 'outbound', (date '2025-06-18' - c.days + time '10:00') at time zone 'Asia/Dhaka'
from (
    values
    (7, 13), (8, 14), (9, 19), (9, 1),
    (10, 6), (11, 7), (12, 28), (12, 21), (12, 8), (13, 55), (13, 40),
    (14, 200), (14, 190), (14, 180)
) as c (id, days);

select results_eq(
    $$select p.customer_id, p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.task_type = 'at_risk' order by 1$$,
    $$values (2::bigint, 'kept'), (3, 'kept'), (4, 'kept'), (5, 'kept'), (6, 'kept'), (7, 'dropped'), (8, 'kept'),
    (9, 'dropped'), (10, 'dropped'), (11, 'kept'), (12, 'dropped'), (13, 'kept'), (14, 'dropped')$$,
    'from 60 days without an order on, as the cadence allows'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 7),
    'called on 2025-06-05, less than 14 days ago', '13 days are too few'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 9),
    'cadence exhausted, 2 calls', 'two calls are enough'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 10),
    'called on 2025-06-12, less than 7 days ago', 'win-back calls are a week apart'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 12),
    'cadence exhausted, 3 calls', 'three win-back calls are enough'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 14),
    'cadence exhausted, 3 calls', 'however long ago, within the episode'
);
select is(
    (
        select p.reasons -> 0 ->> 'phase' || ' ' || (p.reasons -> 0 ->> 'calls_before')
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 13
    ),
    'win_back 0',
    'calls made while the customer was at risk do not use the win-back up'
);
select is(
    (
        select array_agg(distinct p.priority) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'kept'
    ),
    array['warm'],
    'at least warm, inactive customers too'
);
-- A new order ends the episode, a new silence is a new one.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (14, '2025-04-10', 500, 'delivered');
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 14),
    'kept',
    'a new episode begins with no calls'
);
update trustcart.settings set at_risk_from_days = 50;
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    'kept',
    'the threshold is that of settings'
);
update trustcart.customers set is_active = false where id = 2;
select is(
    (
        select p.decision || ', ' || p.why
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 2
    ),
    'dropped, the customer is inactive',
    'nobody calls a closed account'
);

select * from finish();
rollback;
