-- Fitted anew every four weeks; a shop too young for it is no failure.
begin;
select plan(6);

insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01', 100 + g.id, 'delivered' from generate_series(1, 60) as g (id);
select alike(
    trustcart.refit_customer_model('2025-08-01') ->> 'message', 'none of the 60 customers %', 'nothing to learn from: says so'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01' + o.k * (5 + g.id % 5 * 6), 100 + g.id, 'delivered'
from generate_series(1, 60) as g (id)
cross join lateral generate_series(1, g.id % 6) as o (k);
select alike(trustcart.refit_customer_model('2025-08-01') ->> 'message', 'Fitted model % to 60 customers', 'then it is');
select is((select m.orders_to from trustcart.customer_models as m), date '2025-07-31', 'to the orders before the day');
select is(
    trustcart.refit_customer_model('2025-08-28') ->> 'message', 'The last fit is younger than four weeks', 'not again so soon'
);
select ok((trustcart.refit_customer_model('2025-08-29') ->> 'is_converged')::boolean, 'after four weeks the next');
select throws_ok($$select trustcart.refit_customer_model(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
