-- How a customer buys, counted from the orders that count.
begin;
select plan(7);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.categories (id, name) values (1, 'Honey'), (2, 'Tea');
insert into trustcart.products (id, name, category_id, price) values (1, 'Black honey', 1, 500), (2, 'Green tea', 2, 90);
insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, total_amount, status, payment_method) values
(1, 1, '2025-01-03', '2025-01-03 20:30+06', 500, 'delivered', 'bKash'),
(2, 1, '2025-01-13', '2025-01-13 20:59+06', 590, 'delivered', 'bKash'),
(3, 1, '2025-01-18', null, 90, 'delivered', null), (4, 1, '2025-01-19', null, 9999, 'returned', 'card');
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price) values
(1, 1, 1, 500), (2, 1, 1, 500), (2, 2, 1, 90), (3, 2, 1, 90), (4, 2, 100, 90);
insert into trustcart.carts (id, customer_id, total_amount, created_at, last_active_at, abandoned_at, recovered_on)
values
(1, 1, 10, '2025-01-01 10:00+06', '2025-01-01 10:00+06', '2025-01-02 10:00+06', '2025-01-03'),
(2, 1, 20, '2025-02-01 10:00+06', '2025-02-01 10:00+06', '2025-02-02 10:00+06', null),
(3, 1, 30, '2025-03-01 10:00+06', '2025-03-01 10:00+06', null, null);
select trustcart.set_contact_preferences(1, '17:00', '24:00', 'bn');
create temporary view shown as select trustcart_api.page_customer_behavior(1) as tab;

select is(
    (
        select s.tab - 'behavior' - 'carts' - 'products'
        from shown as s
    ),
    '{"orders_looked_at": 3,
    "payment_methods": [{"payment_method": "bKash", "orders": 2, "spend": 1090},
        {"payment_method": null, "orders": 1, "spend": 90}],
    "hours": [{"hour": 20, "orders": 2}],
    "weekdays": [{"weekday": 1, "orders": 1}, {"weekday": 5, "orders": 1}, {"weekday": 6, "orders": 1}],
    "gaps": [{"date": "2025-01-13", "days": 10}, {"date": "2025-01-18", "days": 5}],
    "categories": [{"category": "Honey", "orders": 2, "spend": 1000}, {"category": "Tea", "orders": 2, "spend": 180}],
    "preferences": {"preferred_from": "17:00", "preferred_until": "24:00", "language": "bn", "time_zone": null}}',
    'counted from what counts'
);
select is(
    (select s.tab -> 'products' from shown as s),
    '[{"product_name": "Black honey", "orders": 2, "quantity": 2, "spend": 1000, "last_bought": "2025-01-13"},
    {"product_name": "Green tea", "orders": 2, "quantity": 2, "spend": 180, "last_bought": "2025-01-18"}]',
    'what is bought'
);
select is(
    (
        select string_agg(c ->> 'state', ' ')
        from shown as s
        cross join jsonb_array_elements(s.tab -> 'carts') as c
    ),
    'open abandoned recovered', 'carts, the last first'
);
select is((select s.tab -> 'behavior' from shown as s), trustcart_api.behavior(1), 'what the endpoint says');
select is(
    trustcart_api.page_customer_behavior(2) - 'behavior',
    '{"orders_looked_at": 0, "payment_methods": [], "hours": [], "weekdays": [], "gaps": [], "categories": [],
    "products": [], "carts": [], "preferences": null}', 'who never bought'
);
select throws_ok('select trustcart_api.page_customer_behavior(null)', 'TC003', null, 'no customer');
select throws_ok('select trustcart_api.page_customer_behavior(9)', 'TC004', null, 'no such customer');

select * from finish();
rollback;
