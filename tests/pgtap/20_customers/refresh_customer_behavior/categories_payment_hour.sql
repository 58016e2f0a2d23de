begin;
select plan(9);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.categories (id, name) values (1, 'Honey'), (2, 'Organic Foods'), (3, 'Spices');
insert into trustcart.products (id, name, category_id) values (1, 'Honey 500g', 1), (2, 'Oats', 2), (3, 'Cumin', 3);
-- 13:30 UTC is 19:30 in Dhaka.
insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, total_amount, status, payment_method)
values
(1, 1, '2025-01-01', '2025-01-01 13:30+00', 100, 'delivered', 'bKash'),
(2, 1, '2025-01-11', '2025-01-11 13:30+00', 200, 'delivered', 'bKash'),
(3, 1, '2025-01-31', '2025-01-31 02:00+00', 301, 'delivered', 'card'),
(4, 1, '2025-01-31', '2025-01-31 02:00+00', 900, 'cancelled', 'card'),
(5, 1, '2025-01-31', '2025-01-31 02:00+00', 900, 'cancelled', 'card'),
(6, 2, '2025-01-31', null, 10, 'delivered', null);
select results_eq(
    $$ select avg_order_value, avg_days_between_orders, refresh_due from trustcart.customer_behavior where customer_id = 1 $$,
    $$ values (200.33, 15, true) $$,
    'the cheap figures are right at once, the rest is due'
);
insert into trustcart.sales_order_items (order_id, product_id, quantity)
values (1, 1, 1), (1, 2, 9), (2, 1, 1), (3, 1, 2), (4, 3, 5), (5, 3, 5);
select is(
    trustcart.refresh_customer_behavior() - 'as_of', '{"refreshed": 2, "carts_abandoned": 0, "is_complete": true}',
    'both are refreshed'
);
select results_eq(
    $$
    select preferred_categories, preferred_payment_method, peak_order_time
    from trustcart.customer_behavior order by customer_id
    $$,
    $$ values (array['Honey', 'Organic Foods'], 'bKash', 'evening'), (array[]::text[], null, null) $$,
    'by number of counted orders; unknown stays unknown'
);
select is(
    trustcart.refresh_customer_behavior() ->> 'refreshed', '0', 'a second run takes nobody'
);
insert into trustcart.sales_order_items (order_id, product_id) values (6, 3);
select is(
    trustcart.refresh_customer_behavior() ->> 'refreshed', '1', 'an item makes its customer due'
);
select is(preferred_categories, array['Spices'], 'and is seen')
from trustcart.customer_behavior where customer_id = 2;
delete from trustcart.sales_order_items where order_id = 6;
select trustcart.refresh_customer_behavior();
select is(preferred_categories, '{}', 'so is its going')
from trustcart.customer_behavior where customer_id = 2;
update trustcart.sales_orders set payment_method = 'Nagad' where customer_id = 1;
select trustcart.refresh_customer_behavior();
select is(preferred_payment_method, 'Nagad', 'an edited order makes its customer due')
from trustcart.customer_behavior where customer_id = 1;
update trustcart.settings set preferred_category_count = 1;
update trustcart.sales_orders set notes = 'x', total_amount = 101 where id = 1;
select trustcart.refresh_customer_behavior();
select is(preferred_categories, array['Honey'], 'as many categories as the settings ask for')
from trustcart.customer_behavior where customer_id = 1;
select * from finish();
rollback;
