-- A cart is abandoned after a time in settings without an order, recovered by an order within 7 days.
begin;
select plan(6);
insert into trustcart.customers (id) values (1), (2), (3), (4);
insert into trustcart.carts (customer_id, created_at, last_active_at)
select g, now() - interval '3 days', now() - interval '3 days' from generate_series(1, 3) as g;
insert into trustcart.carts (customer_id) values (4);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (2, 2, trustcart.business_date() - 3, 10, 'pending');
select is(trustcart.refresh_customer_behavior() ->> 'carts_abandoned', '2', 'without an order, and long enough ago');
select results_eq(
    $$ select customer_id, has_abandoned_cart, cart_recovery_count from trustcart.customer_behavior order by customer_id $$,
    $$ values (1::bigint, true, 0), (2, false, 0), (3, true, 0) $$,
    'its owner has an abandoned cart, order or not'
);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, trustcart.business_date(), 10, 'pending');
select trustcart.refresh_customer_behavior();
select results_eq(
    $$ select has_abandoned_cart, cart_recovery_count from trustcart.customer_behavior where customer_id = 1 $$,
    $$ values (false, 1) $$,
    'an order within the days allowed recovers it'
);
update trustcart.sales_orders set status = 'cancelled' where id = 1;
select trustcart.refresh_customer_behavior();
select results_eq(
    $$ select has_abandoned_cart, cart_recovery_count from trustcart.customer_behavior where customer_id = 1 $$,
    $$ values (true, 0) $$,
    'a cancelled one does not'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (3, trustcart.business_date() + 10, 10, 'pending');
select trustcart.refresh_customer_state(trustcart.business_date() + 10);
select trustcart.refresh_customer_behavior(trustcart.business_date() + 10);
select is(has_abandoned_cart, true, 'an order after those days does not')
from trustcart.customer_behavior where customer_id = 3;
select throws_ok(
    $$ select trustcart.refresh_customer_behavior('infinity') $$, 'TC001', null, 'not on a day that is none'
);
select * from finish();
rollback;
