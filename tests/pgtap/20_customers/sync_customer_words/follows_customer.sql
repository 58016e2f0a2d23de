-- customer_words has the words of the names that customers have, after any change of them, and orders do not write it.
begin;
select plan(9);

create function pg_temp.words()
returns text language sql as $$
    select string_agg(w.customer_id || ' ' || w.word, '; ' order by w.customer_id, w.word)
    from trustcart_private.customer_words as w
$$;

insert into trustcart.customers (id, first_name, last_name, email)
values (1, 'Rahima', 'Begum', 'rahima@example.com'), (2, 'Karim', null, null);
update trustcart.customers set last_name = 'Akter' where id = 1;
select is(pg_temp.words(), '1 @rahima@example.com; 1 akter; 1 rahima; 2 karim', 'another name');
update trustcart.customers set email = 'r@example.com' where id = 1;
select is(pg_temp.words(), '1 @r@example.com; 1 akter; 1 rahima; 2 karim', 'another address');
update trustcart.customers set first_name = null, last_name = null, email = null where id = 1;
select is(pg_temp.words(), '2 karim', 'none any more');
insert into trustcart.customers (id, first_name) values (2, 'Kamal')
on conflict (id) do update set first_name = excluded.first_name;
select is(pg_temp.words(), '2 kamal', 'an upsert');
create temporary table unchanged as select w.ctid as place from trustcart_private.customer_words as w;
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (2, trustcart.business_date(), 5);
update trustcart.customers set notes = 'y', first_name = 'Kamal' where id = 2;
select set_eq(
    'select w.ctid as place from trustcart_private.customer_words as w', 'select u.place from unchanged as u',
    'orders and other changes do not write'
);
select is_empty('select * from trustcart.check_customer_state()', 'the check agrees');

insert into trustcart.customers (id, first_name, last_name) values (3, 'Nadia', 'Islam'), (4, 'Nadia', 'Khatun');
select trustcart.merge_customers(3, 4);
select is(pg_temp.words(), '2 kamal; 3 islam; 3 nadia; 4 khatun; 4 nadia', 'who was merged is known by the name still');
select trustcart.erase_customer(3);
select is(pg_temp.words(), '2 kamal', 'an erasure leaves nothing');
delete from trustcart.sales_orders where customer_id = 2;
delete from trustcart.customers where id = 2;
select is(pg_temp.words(), null, 'nor does a deletion');

select * from finish();
rollback;
