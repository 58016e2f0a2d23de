-- The daily job takes in what has changed, and only forward.
begin;
select plan(16);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey'), (2, 'Ghee'), (3, 'Tea');
insert into trustcart.customers (id)
overriding system value
values (1), (2);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values
(1, 1, '2026-06-01', 100, 'delivered'), (2, 1, '2026-06-08', 100, 'delivered'), (3, 2, '2026-06-10', 100, 'pending'),
(4, 2, '2026-06-20', 100, 'pending'), (5, 2, '2026-06-01', 100, 'cancelled'), (6, 2, '2026-06-01', 100, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (3, null), (4, 3), (5, 1), (5, 3), (6, null);

select is(
    trustcart.refresh_recommendations('2026-06-15'),
    '{"as_of": "2026-06-15", "baskets": 3, "changed": 3, "recounted": true}', 'the first run counts all'
);
select results_eq(
    'select * from trustcart.product_figures order by 1',
    $$values (1::bigint, 3::bigint, 3::bigint, 1::bigint, 7.000), (2, 2, 2, 0, 0.000)$$,
    'counted orders up to the day; customer 1 buys honey every 7 days'
);
select results_eq(
    'select * from trustcart.product_pairs order by 1', 'values (1::bigint, 2::bigint, 2::bigint), (2, 1, 2)',
    'two baskets with both'
);
select is(
    trustcart.refresh_recommendations('2026-06-15'),
    '{"as_of": "2026-06-15", "baskets": 3, "changed": 0, "recounted": false}', 'again there is nothing to do'
);
select is(
    trustcart.refresh_recommendations('2026-06-20'),
    '{"as_of": "2026-06-20", "baskets": 4, "changed": 1, "recounted": false}', 'an order dated ahead comes with its day'
);
update trustcart.sales_orders set status = 'shipped'
where id = 3;
select is(
    trustcart.refresh_recommendations('2026-06-20') ->> 'changed', '0', 'on its way it counts as before'
);
update trustcart.sales_orders set status = 'cancelled'
where id = 3;
select is(trustcart.refresh_recommendations('2026-06-20') ->> 'baskets', '3', 'cancelled it leaves');
select results_eq(
    'select orders from trustcart.product_pairs', 'values (1::bigint), (1)', 'the pairs that remain'
);
delete from trustcart.sales_orders
where id = 1;
select is(trustcart.refresh_recommendations('2026-06-20') ->> 'baskets', '2', 'so does what is deleted');
select is_empty('select * from trustcart.product_pairs', 'a pair that no basket holds is gone');
select results_eq(
    'select * from trustcart.product_figures order by 1',
    $$values (1::bigint, 1::bigint, 1::bigint, 0::bigint, 0.000), (3, 1, 1, 0, 0.000)$$,
    'as is a product that nobody buys, and a rhythm of one purchase'
);
select is(
    trustcart.refresh_recommendations('2026-01-01') ->> 'as_of', '2026-06-20', 'never back to an earlier day'
);

-- A reseller's order.
insert into trustcart.products (id, name)
overriding system value
select g.n, 'P' || g.n from generate_series(101, 151) as g (n);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values (7, 1, '2026-06-20', 100, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id)
select 7, g.n from generate_series(101, 150) as g (n);
select is(trustcart.refresh_recommendations('2026-06-20') ->> 'baskets', '3', 'fifty different products are counted');
insert into trustcart.sales_order_items (order_id, product_id)
values (7, 151);
select is(trustcart.refresh_recommendations('2026-06-20') ->> 'baskets', '2', 'fifty-one are a reseller''s');
select is_empty('select * from trustcart.check_recommendations()', 'and all is as counted afresh');
select throws_ok(
    $$select trustcart.refresh_recommendations('infinity')$$, 'TC001', null, 'not a day'
);

select * from finish();
rollback;
