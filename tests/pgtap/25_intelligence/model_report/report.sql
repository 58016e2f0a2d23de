-- Forecast against outcome.
begin;
select plan(9);

select throws_ok(
    $$select trustcart.model_report('2025-09-30', 28)$$, 'TC221', 'no model was in use on 2025-09-30', 'without a model'
);
insert into trustcart.customers (id)
select g from generate_series(1, 200) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01' + g.id % 9 + o.k * (5 + g.id % 5 * 5), 100 + g.id, 'delivered'
from generate_series(1, 200) as g (id)
cross join lateral generate_series(0, g.id % 6) as o (k);
select trustcart.fit_customer_model(null, '2025-07-31');
update trustcart.settings set customer_model_id = (select m.id from trustcart.customer_models as m);
-- After it: ten orders of ten customers, one of them on the last day, one too late, one who never ordered before.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-08-01' + case when g = 10 then 27 else g end, 1000, 'delivered' from generate_series(1, 10) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (11, '2025-08-29', 1000, 'delivered'), (12, '2025-08-02', 1000, 'cancelled');
insert into trustcart.customers (id) values (900);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values (900, '2025-08-02', 5, 'delivered');

create temporary table report as
select * from trustcart.model_report('2025-07-31', 28);
select results_eq(
    $$select r.as_of, r.horizon_days, r.customers, r.buyers, r.orders, r.revenue from report as r$$,
    $$values (date '2025-07-31', 28, 200, 10, 10, 10000.00)$$, 'who bought within the days, of those known before'
);
select results_eq(
    $$select jsonb_array_length(r.deciles), (select sum((d ->> 'customers')::integer) from jsonb_array_elements(r.deciles) as d)
    from report as r$$,
    'values (10, 200::bigint)', 'ten tenths'
);
select ok(
    (select r.brier between 0 and 1 and r.calibration_error between 0 and 1 and r.auc between 0 and 1 from report as r),
    'errors and areas are shares'
);
select results_eq(
    $$
    select round(r.auc::numeric, 9) from report as r
    $$,
    $$
    with o as (
        select o.expected_orders as e, o.orders > 0 as bought
        from trustcart.customer_models as m
        cross join lateral trustcart_private.model_outcomes(m, '2025-07-31', 28) as o
    )

    select round(avg(case when b.e > n.e then 1 when b.e = n.e then 0.5 else 0 end), 9)
    from o as b
    inner join o as n on b.bought and not n.bought
    $$,
    'auc is the share of pairs in the right order, equals half'
);
select ok((select not r.is_adrift or abs(r.forecast_orders - r.orders) > 0.25 * r.forecast_orders from report as r), 'drift');
update trustcart.sales_orders set status = 'delivered', order_date = '2025-08-05'
where order_date > '2025-07-31';
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-08-01' + d.d, 10, 'delivered'
from generate_series(1, 200) as g (id)
cross join generate_series(0, 20) as d (d);
select ok((select r.is_adrift from trustcart.model_report('2025-07-31', 28) as r), 'twenty times as many orders: adrift');
select throws_ok($$select trustcart.model_report('2025-07-31', 0)$$, 'TC005', null, 'no days');
select throws_ok($$select trustcart.model_report(null, 28)$$, 'TC001', null, 'no day');

select * from finish();
rollback;
