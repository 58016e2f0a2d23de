-- An order is noted when its basket changes, in whatever way, and not otherwise.
begin;
select plan(11);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey'), (2, 'Ghee');
insert into trustcart.customers (id)
overriding system value
values (1);
create function pg_temp.noted()
returns bigint[]
language plpgsql
as $$
declare
    v_ids bigint[];
begin
    v_ids := array(select distinct b.order_id from trustcart_private.changed_baskets as b order by 1);
    delete from trustcart_private.changed_baskets;
    return v_ids;
end;
$$;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
overriding system value
values (1, 1, '2026-06-01', 100), (2, 1, '2026-06-01', 100);
select is(pg_temp.noted(), '{}', 'an order without items has no basket');
insert into trustcart.sales_order_items (id, order_id, product_id)
overriding system value
values (11, 1, 1), (12, 1, 2), (21, 2, 1), (22, 2, null);
select is(pg_temp.noted(), '{1,2}', 'items come');
insert into trustcart.sales_order_items (id, order_id, product_name)
overriding system value
values (13, 1, 'Something');
select is(pg_temp.noted(), '{}', 'an item of no known product is in no basket');
update trustcart.sales_order_items set quantity = 7;
select is(pg_temp.noted(), '{}', 'how many of it does not matter');
update trustcart.sales_order_items set product_id = 2
where id = 21;
select is(pg_temp.noted(), '{2}', 'another product');
update trustcart.sales_order_items set order_id = 2
where id = 11;
select is(pg_temp.noted(), '{1,2}', 'moved to another order: both');
delete from trustcart.sales_order_items
where id = 13;
select is(pg_temp.noted(), '{}', 'an item of no known product goes');
delete from trustcart.sales_order_items
where id = 12;
select is(pg_temp.noted(), '{1}', 'an item goes');
delete from trustcart.products
where id = 2;
select is(pg_temp.noted(), '{2}', 'a product is deleted');
delete from trustcart.sales_orders
where id = 2;
select is(pg_temp.noted(), '{2}', 'an order is deleted with its items');
insert into trustcart_private.counted_baskets (order_id, customer_id, order_date, product_ids)
values (5, 1, '2026-06-01', '{1}'), (6, 1, '2026-06-01', '{1}');
truncate trustcart.sales_order_items;
select is(pg_temp.noted(), '{5,6}', 'emptied: all that was counted');

select * from finish();
rollback;
