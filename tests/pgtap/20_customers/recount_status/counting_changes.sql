begin;
select plan(4);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date(), 10, 'pending'), (1, trustcart.business_date(), 20, 'delivered'),
(2, trustcart.business_date(), 5, 'cancelled');
update trustcart.order_statuses set counts = false where status = 'pending';
select results_eq(
    $$ select order_count, total_spend, customer_type from trustcart.customers where id = 1 $$,
    $$ values (1, 20.00, 'new') $$,
    'a status that ceases to count takes its orders out'
);
update trustcart.order_statuses set counts = true where status = 'cancelled';
select is(order_count, 1, 'one that begins to takes them in') from trustcart.customers where id = 2;
select is_empty($$ select * from trustcart.check_customer_state() $$, 'all agrees with recomputation');
-- RESTRICT raises 23503 before Postgres 18 and 23001 from it on.
select throws_like(
    $$ delete from trustcart.order_statuses where status = 'pending' $$, '%sales_orders_status_fkey%',
    'a status in use stays'
);
select * from finish();
rollback;
