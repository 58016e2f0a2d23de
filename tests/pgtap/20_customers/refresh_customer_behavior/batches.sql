begin;
select plan(6);

insert into trustcart.customers (id) select g.id from generate_series(1, 5) as g (id);
insert into trustcart.customers (id) values (-7);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status, payment_method)
select c.id, trustcart.business_date() - 50, 100, 'delivered', 'Card' from trustcart.customers as c where c.id <= 4;
insert into trustcart.carts (customer_id, created_at, last_active_at)
select c.id, now() - interval '3 days', now() - interval '3 days' from trustcart.customers as c where c.id in (-7, 1, 5);

select is(
    trustcart.refresh_customer_behavior(p_limit => 3) - 'as_of',
    '{"refreshed": 0, "carts_abandoned": 3, "is_complete": false}', 'carts first'
);
select is(
    trustcart.refresh_customer_behavior(p_limit => 3) - 'as_of',
    '{"refreshed": 3, "carts_abandoned": 0, "is_complete": false}', 'then whose they are'
);
select is(
    trustcart.refresh_customer_behavior(p_limit => 3) - 'as_of',
    '{"refreshed": 3, "carts_abandoned": 0, "is_complete": false}', 'and who was touched'
);
select is(
    trustcart.refresh_customer_behavior(p_limit => 3) - 'as_of',
    '{"refreshed": 0, "carts_abandoned": 0, "is_complete": true}', 'until nobody is left'
);
select results_eq(
    'select customer_id, preferred_payment_method, has_abandoned_cart from trustcart.customer_behavior order by 1',
    $$ values (-7::bigint, 'Card', true), (1, 'Card', true), (2, 'Card', false), (3, 'Card', false),
    (4, 'Card', false), (5, null, true) $$,
    'all of them'
);
select is_empty('select * from trustcart_private.batch_positions', 'nothing is kept');

select * from finish();
rollback;
