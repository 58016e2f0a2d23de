-- DESIGN §3: customer_type, lifecycle_stage, temperature and dropoff risk at and around every threshold.
begin;
select plan(4);

insert into trustcart.customers (id)
select g from generate_series(1, 9) as g;
-- Customer g ordered once, so many days before 2025-06-30.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select
    a.customer_id,
    date '2025-06-30' - a.days,
    100,
    'delivered'
from (values (1, 0), (2, 7), (3, 8), (4, 30), (5, 31), (6, 60), (7, 90), (8, 91), (9, 121)) as a (customer_id, days);

select results_eq(
    $$
    select customer_id, days_since_last_order, customer_type, lifecycle_stage, priority_level, risk_level
    from trustcart.customer_state('2025-06-30') order by customer_id
    $$,
    $$
    values
    (1::bigint, 0, 'new', 'new', 'hot', null),
    (2, 7, 'new', 'new', 'hot', null),
    (3, 8, 'new', 'new', 'warm', null),
    (4, 30, 'new', 'new', 'warm', null),
    (5, 31, 'new', 'new', 'cold', 'low'),
    (6, 60, 'new', 'at_risk', 'cold', 'low'),
    (7, 90, 'inactive', 'at_risk', 'cold', 'medium'),
    (8, 91, 'inactive', 'churned', 'cold', 'high'),
    (9, 121, 'inactive', 'churned', 'cold', 'critical')
    $$,
    'one order each, at every threshold'
);

insert into trustcart.customers (id) values (20), (21), (22), (23), (24);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 20, date '2025-06-01', 10, 'delivered' from generate_series(1, 6);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 21, date '2025-06-01', 10, 'delivered' from generate_series(1, 5);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(22, '2025-06-01', 50000, 'delivered'),
(23, '2025-06-01', 49999.99, 'delivered'),
(24, '2025-06-01', 60000, 'cancelled'),
(24, '2025-06-02', 60000, 'returned');

select results_eq(
    $$
    select customer_id, order_count, total_spend, customer_type, lifecycle_stage, priority_level
    from trustcart.customer_state('2025-06-30') where customer_id >= 20 order by customer_id
    $$,
    $$
    values
    (20::bigint, 6, 60.00, 'vip', 'active', 'warm'),
    (21, 5, 50.00, 'repeat', 'active', 'warm'),
    (22, 1, 50000.00, 'vip', 'new', 'warm'),
    (23, 1, 49999.99, 'new', 'new', 'warm'),
    (24, 0, 0, null, 'prospect', 'cold')
    $$,
    'vip by six orders or by spend; withdrawn orders do not count'
);

select results_eq(
    $$ select customer_type, lifecycle_stage from trustcart.customer_state('2025-05-31') where customer_id = 20 $$,
    $$ values (null::text, 'prospect') $$,
    'before the first order nobody is a customer'
);
select results_eq(
    $$ select customer_type, lifecycle_stage from trustcart.customer_state('2027-01-01') where customer_id = 20 $$,
    $$ values ('inactive', 'churned') $$,
    'a future date is as good as a past one'
);

select * from finish();
rollback;
