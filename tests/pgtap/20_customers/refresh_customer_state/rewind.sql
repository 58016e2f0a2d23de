begin;
select plan(6);
insert into trustcart.customers (id) values (1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-01-01', 100, 'delivered'), (1, '2025-02-01', 70, 'delivered');
select trustcart.detect_dropoffs();
select trustcart.refresh_customer_state('2025-01-15', p_rewind => true);
select results_eq(
    $$
    select order_count, total_spend, last_order_date, next_order_date, customer_type, state_valid_until
    from trustcart.customers
    $$,
    $$ values (1, 100.00, date '2025-01-01', date '2025-02-01', 'new', date '2025-02-01') $$,
    'later orders are in the future again'
);
select is_empty(
    $$ select from trustcart.customer_state_changes where business_date > '2025-01-15' $$,
    'what was derived for later days is forgotten'
);
select is_empty($$ select from trustcart.customer_dropoff_tracking $$, 'episodes too');
select is_empty($$ select * from trustcart.check_customer_state() $$, 'the state of that day is right');
select throws_ok(
    $$ select trustcart.refresh_customer_state('infinity', p_rewind => true) $$, 'TC001', null, 'not to a day that is none'
);
-- An order of today ends the replay for its customer, the days in between included.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date(), 1, 'delivered');
select results_eq(
    $$
    select to_value, cause from trustcart.customer_state_changes
    where attribute = 'lifecycle_stage' and business_date > '2025-01-15' order by id
    $$,
    $$ values ('active', 'order'), ('at_risk', 'time'), ('churned', 'time'), ('active', 'order') $$,
    'the stages on the way are written, the new order last'
);
select * from finish();
rollback;
