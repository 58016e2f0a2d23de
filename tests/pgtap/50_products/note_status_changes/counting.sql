-- When a status begins or ceases to count, its orders do.
begin;
select plan(3);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey');
insert into trustcart.customers (id)
overriding system value
values (1);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values (1, 1, '2026-06-01', 100, 'pending'), (2, 1, '2026-06-01', 100, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1), (2, 1);
select is(trustcart.refresh_recommendations('2026-06-15') ->> 'baskets', '2', 'both count');
update trustcart.order_statuses set counts = false
where status = 'pending';
select is(trustcart.refresh_recommendations('2026-06-15') ->> 'baskets', '1', 'pending orders do not any more');
update trustcart.order_statuses set counts = true
where status = 'pending';
select is(trustcart.refresh_recommendations('2026-06-15') ->> 'baskets', '2', 'and do again');

select * from finish();
rollback;
