-- A report a week, of four weeks that are whole.
begin;
select plan(6);

select is(
    trustcart.report_customer_model('2025-09-01') ->> 'message', 'No model was in use on 2025-08-03', 'without a model'
);
insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01' + o.k * (5 + g.id % 5 * 6), 100 + g.id, 'delivered'
from generate_series(1, 60) as g (id)
cross join lateral generate_series(0, g.id % 6) as o (k);
select trustcart.fit_customer_model(null, '2025-07-31');
update trustcart.customer_models set fitted_on = '2025-07-31';

select is(trustcart.report_customer_model('2025-09-01') ->> 'as_of', '2025-08-03', 'the 28 days end the day before');
select results_eq(
    $$select r::text from trustcart.model_reports as r$$,
    $$select r::text from trustcart.model_report('2025-08-03', 28) as r$$, 'written as model_report() has it'
);
select is(
    trustcart.report_customer_model('2025-09-07') ->> 'message', 'This week''s report is there', 'not again within a week'
);
select is(trustcart.report_customer_model('2025-09-08') ->> 'as_of', '2025-08-10', 'a week later the next');
select throws_ok($$select trustcart.report_customer_model(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
