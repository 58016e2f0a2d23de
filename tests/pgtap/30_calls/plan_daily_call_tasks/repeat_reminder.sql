-- repeat_reminder: the customer's own rhythm says due; repeat 1 call in 30 days, vip 2.
begin;
select plan(6);

insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 10) as g (n);
-- 1: every 20 days, 20 days ago; 2: 19 days ago; 3: one day only; 4: one order; 5-8: vip, every 10 days, 12 days ago
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, '2025-04-19', 100, 'delivered'), (1, '2025-05-09', 100, 'delivered'), (1, '2025-05-29', 100, 'delivered'),
(2, '2025-04-20', 100, 'delivered'), (2, '2025-05-10', 100, 'delivered'), (2, '2025-05-30', 100, 'delivered'),
(3, '2025-05-05', 100, 'delivered'), (3, '2025-05-05', 100, 'delivered'),
(4, '2025-05-05', 100, 'delivered'),
(9, '2025-04-19', 100, 'delivered'), (9, '2025-05-09', 100, 'delivered'),
(10, '2025-04-19', 100, 'delivered'), (10, '2025-05-09', 100, 'delivered');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select v.id, date '2025-06-06' - 10 * k.n, 100, 'delivered'
from generate_series(5, 8) as v (id)
cross join generate_series(0, 5) as k (n);
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(5, 'call', 'outbound', '2025-06-16 10:00+06'),
(6, 'call', 'outbound', '2025-06-10 10:00+06'),
(6, 'call', 'outbound', '2025-06-16 10:00+06'),
(7, 'call', 'outbound', '2025-05-16 10:00+06'),
(7, 'call', 'outbound', '2025-06-16 10:00+06'),
(9, 'call', 'outbound', '2025-05-20 10:00+06'),
(10, 'call', 'outbound', '2025-05-19 10:00+06');

select results_eq(
    $$select p.customer_id, p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.reasons @> '[{"task_type": "repeat_reminder"}]' or p.why like '%repeat_reminder%' order by 1$$,
    $$values (1::bigint, 'kept'), (5, 'kept'), (6, 'dropped'), (7, 'kept'), (8, 'kept'), (9, 'dropped'), (10, 'kept')$$,
    'due by the own rhythm, 1 call in 30 days, vip 2; orders of one day are no rhythm'
);
select is(
    (select p.reasons from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    '[{"task_type": "repeat_reminder", "rank": 60, "last_order_date": "2025-05-29", "avg_days_between_orders": 20,
    "calls_before": 0}]'::jsonb,
    'the reason tells the rhythm'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 6),
    'cadence exhausted, 2 calls in 30 days', 'why a vip is not called a third time'
);
select results_eq(
    $$select p.customer_id, p.priority from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (1, 5) order by 1$$,
    $$values (1::bigint, 'cold'), (5, 'hot')$$,
    'vip hot, repeat cold'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-10-01') as p
    where p.reasons @> '[{"task_type": "repeat_reminder"}]'$$,
    'inactive customers get no reminder beside the win-back'
);
select is(
    (
        select jsonb_path_query_array(p.reasons, '$[*].task_type')
        from trustcart.plan_daily_call_tasks('2025-07-29') as p where p.customer_id = 1
    ),
    '["at_risk", "repeat_reminder"]'::jsonb,
    'at risk and due for a reminder is one call, named at_risk'
);

select * from finish();
rollback;
