-- A category gets another name: its buyers stay its buyers.
begin;
select plan(7);

insert into trustcart.categories (id, name) values (1, 'Tea'), (2, 'Rice');
insert into trustcart.products (id, name, category_id) values (1, 'Green tea', 1), (2, 'Basmati', 2);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, trustcart.business_date() - 1, 100, 'delivered'), (2, 2, trustcart.business_date() - 1, 100, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id) values (1, 1), (2, 2);
select trustcart.refresh_customer_behavior();
create temporary view due as select b.customer_id from trustcart.customer_behavior as b where b.refresh_due;
select is_empty('select d.customer_id from due as d', 'all are refreshed');

update trustcart.categories set name = name;
select is_empty('select d.customer_id from due as d', 'the same name is no news');
update trustcart.categories set name = 'Chai' where id = 1;
select results_eq('select d.customer_id from due as d', 'values (1::bigint)', 'the buyers are due');
select trustcart.create_segment('chai', '[{"attribute": "category_bought", "words": ["chai"]}]');
select is(trustcart.segment_count('chai'), 1::bigint, 'a segment knows them at once');
select trustcart.refresh_customer_behavior();
select results_eq(
    'select b.customer_id, b.preferred_categories::text[], b.bought_categories
    from trustcart.customer_behavior as b order by 1',
    $$values (1::bigint, '{Chai}'::text[], '{Chai}'::text[]), (2, '{Rice}', '{Rice}')$$, 'and so does the behaviour'
);
select is(trustcart.segment_count('chai'), 1::bigint, 'and the segment still');
update trustcart.categories set name = case id when 1 then 'Leaves' else 'Grain' end;
select is((select count(*) from due), 2::bigint, 'two names at once');

select * from finish();
rollback;
