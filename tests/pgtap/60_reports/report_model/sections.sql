-- model_report() as a table to read.
begin;
select plan(4);

insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01' + o.k * (5 + g.id % 5 * 6), 100 + g.id, 'delivered'
from generate_series(1, 60) as g (id)
cross join lateral generate_series(0, g.id % 6) as o (k);
select throws_ok($$select trustcart.report_model('2025-07-30')$$, 'TC221', null, 'without a model it says so');
select trustcart.fit_customer_model(null, '2025-06-30');
update trustcart.customer_models set fitted_on = '2025-06-30';

select results_eq(
    $$select r.customers, r.forecast, r.outcome from trustcart.report_model('2025-07-30') as r where r.measure = 'orders'$$,
    $$select r.customers::bigint, round(r.forecast_orders::numeric, 2), r.orders::numeric
    from trustcart.model_report('2025-07-01', 28) as r$$,
    'the four weeks that ended the day before'
);
select results_eq(
    $$select count(*), sum(r.customers)::bigint from trustcart.report_model('2025-07-30') as r where r.section like 'buyers%'$$,
    'values (10::bigint, 60::bigint)', 'tenths'
);
select throws_ok($$select trustcart.report_model(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
