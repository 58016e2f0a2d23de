-- Changing a threshold is all it takes.
begin;
select plan(3);
insert into trustcart.customers (id) values (1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-06-01', 100, 'delivered');
select is(lifecycle_stage, 'new', 'thirty days are not at risk yet')
from trustcart.customer_state('2025-07-01');
update trustcart.settings set at_risk_from_days = 30;
select is(lifecycle_stage, 'at_risk', 'until the shop says so')
from trustcart.customer_state('2025-07-01');
select throws_ok($$ select * from trustcart.customer_state('-infinity') $$, 'TC001', null, 'a date that is none');
select * from finish();
rollback;
