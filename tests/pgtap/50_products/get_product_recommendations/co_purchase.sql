-- What is often in a basket with what they bought: support, confidence and lift of real baskets.
begin;
select plan(8);

insert into trustcart.products (id, name, price, stock_quantity)
overriding system value
values (1, 'Honey 500g', 500, 5), (2, 'Black seed', 200, null), (3, 'Dates', 300, 1), (4, 'Salt', 20, 9);
insert into trustcart.customers (id)
overriding system value
select g.n from generate_series(1, 40) as g (n);
-- 24 baskets with honey: 12 of them with black seed, 6 with dates, which 12 others hold as well; salt is in every one.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
select g.n, g.n, date '2026-01-01', 100, 'delivered' from generate_series(2, 40) as g (n);
insert into trustcart.sales_order_items (order_id, product_id)
select g.n, 1 from generate_series(2, 25) as g (n)
union all
select g.n, 2 from generate_series(2, 13) as g (n)
union all
select g.n, 3 from generate_series(20, 37) as g (n)
union all
select g.n, 4 from generate_series(2, 40) as g (n)
union all
-- the same product twice in a basket is in it once
select g.n, 1 from generate_series(2, 9) as g (n);
-- The customer looked at bought honey, on a day that is not counted yet.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values (1, 1, '2026-06-14', 500, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1);
do $$ begin perform trustcart.refresh_recommendations('2026-06-01'); end $$;

create temporary view offers as
select * from trustcart.get_product_recommendations(1, 10, '2026-06-15');
select is(s.baskets, 39::bigint, 'the baskets counted') from trustcart.recommendation_state as s;
-- Lift: 12 * 39 / (24 * 12) = 1.625; of dates 6 * 39 / (24 * 18) = 0.54; of salt 1.
select results_eq(
    $$select product_id, reason, recommended_price from offers where source = 'co_purchase'$$,
    $$values (2::bigint, 'Bought with Honey 500g in 12 of 24 orders (lift 1.6)', 200.00)$$,
    'what goes together more often than by chance, and nothing else'
);
select is(
    (select o.evidence -> 'co_purchase' from offers as o where o.product_id = 2),
    '{"with_product_id": 1, "with_product_name": "Honey 500g", "orders": 12, "of_orders": 24, "confidence": 0.5,
    "lift": 1.63}'::jsonb,
    'the evidence'
);
select is_empty(
    'select * from offers where product_id = 1', 'what was bought yesterday is not recommended, though not counted yet'
);
select results_eq(
    $$select product_name, other_product_name, orders, product_orders, other_product_orders, support, confidence, lift
    from trustcart.product_affinities where product_id = 1 and other_product_id = 2$$,
    $$values ('Honey 500g', 'Black seed', 12::bigint, 24::bigint, 12::bigint, 0.307692, 0.5000, 1.63)$$,
    'the same for services'
);
select is(
    (select count(*) from trustcart.product_affinities as a), 10::bigint,
    'in both directions: honey with the three others, salt with the two'
);
update trustcart.settings set min_pair_orders = 13;
select is_empty($$select * from offers where source = 'co_purchase'$$, 'pairs seen too seldom prove nothing');
update trustcart.settings set min_pair_orders = 12;
select isnt_empty($$select * from offers where source = 'co_purchase'$$, 'and those seen just often enough do');

select * from finish();
rollback;
