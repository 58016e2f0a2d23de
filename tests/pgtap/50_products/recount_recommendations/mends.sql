-- Whatever happened to the figures, counting all again puts them right.
begin;
select plan(4);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey'), (2, 'Ghee');
insert into trustcart.customers (id)
overriding system value
values (1);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
overriding system value
values (1, 1, '2026-06-01', 100), (2, 1, '2026-06-21', 100);
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1), (1, 2), (2, 1);
do $$ begin perform trustcart.refresh_recommendations('2026-06-15'); end $$;
update trustcart.product_figures set orders = orders + 5;
delete from trustcart.product_pairs;
delete from trustcart_private.counted_baskets;
select is(
    trustcart.refresh_recommendations('2026-06-15') ->> 'recounted', 'false', 'not by itself'
);
select is(
    trustcart.refresh_recommendations('2026-06-15', p_recount => true) ->> 'recounted', 'true', 'but when told to'
);
select is_empty('select * from trustcart.check_recommendations()', 'all is right again');
select is(
    trustcart.refresh_recommendations('2026-06-21') ->> 'changed', '1', 'what is dated ahead still comes with its day'
);

select * from finish();
rollback;
