-- A product moves to another category: its buyers bought from that.
begin;
select plan(5);

insert into trustcart.categories (id, name) values (1, 'Tea'), (2, 'Gifts');
insert into trustcart.products (id, name, category_id, stock_quantity) values (1, 'Green tea', null, 5), (2, 'Black tea', 1, 5);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
values (1, 1, trustcart.business_date() - 1, 100), (2, 2, trustcart.business_date() - 1, 100);
insert into trustcart.sales_order_items (order_id, product_id) values (1, 1), (2, 2);
select trustcart.refresh_customer_behavior();
select trustcart.create_segment('gifts', '[{"attribute": "category_bought", "words": ["gifts"]}]');
create temporary view due as select b.customer_id from trustcart.customer_behavior as b where b.refresh_due;

update trustcart.products set stock_quantity = 4;
select is_empty('select d.customer_id from due as d', 'the stock is no news');
select is(trustcart.segment_count('gifts'), 0::bigint, 'nobody bought gifts');
update trustcart.products set category_id = 2 where id = 1;
select results_eq('select d.customer_id from due as d', 'values (1::bigint)', 'its buyer is due');
select is(trustcart.segment_count('gifts'), 1::bigint, 'a segment knows at once');
select trustcart.refresh_customer_behavior();
select is(trustcart.segment_count('gifts'), 1::bigint, 'and still after the refresh');

select * from finish();
rollback;
