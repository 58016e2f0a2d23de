begin;
select plan(8);
insert into trustcart.customers (id) values (1);
prepare an_order (bigint, date, numeric, text) as
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values ($1, $2, $3, $4);
select throws_ok($$ execute an_order (1, '2025-01-01', 1, 'teleported') $$, '23503', null, 'an unknown status');
select throws_ok($$ execute an_order (7, '2025-01-01', 1, 'pending') $$, '23503', null, 'an orphan order');
select throws_ok($$ execute an_order (1, '2025-01-01', -1, 'pending') $$, '23514', null, 'a negative amount');
select throws_ok($$ execute an_order (1, '2025-01-01', 'NaN', 'pending') $$, '23514', null, 'an amount that is none');
select throws_ok($$ execute an_order (1, 'infinity', 1, 'pending') $$, '23514', null, 'an infinite date');
select throws_ok($$ execute an_order (1, '2025-13-40', 1, 'pending') $$, '22008', null, 'a date of no calendar');
select throws_ok($$ execute an_order (1, '', 1, 'pending') $$, '22007', null, 'an empty date');
select is(order_count, 0, 'nothing of it is left') from trustcart.customers;
select * from finish();
rollback;
