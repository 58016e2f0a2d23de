begin;
select plan(3);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date(), 100, 'delivered');
select is_empty($$ select * from trustcart.check_customer_state() $$, 'no difference when nothing is wrong');

alter table trustcart.sales_orders disable trigger user;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date(), 50, 'delivered'), (2, trustcart.business_date(), 1, 'cancelled');
select set_eq(
    $$ select customer_id, figure from trustcart.check_customer_state() $$,
    $$
    values (1::bigint, 'order_count'), (1, 'total_spend'), (1, 'customer_type'), (1, 'lifecycle_stage'),
    (1, 'avg_order_value'), (1, 'avg_days_between_orders')
    $$,
    'every figure that an order behind the triggers'' back has made wrong'
);
select results_eq(
    $$ select maintained, recomputed from trustcart.check_customer_state() where figure = 'total_spend' $$,
    $$ values ('100.00', '150.00') $$,
    'with both values'
);
select * from finish();
rollback;
