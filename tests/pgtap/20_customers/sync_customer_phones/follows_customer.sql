-- phone_book has the numbers that customers have, after any change of them.
begin;
select plan(8);

create function pg_temp.numbers()
returns text language sql as $$
    select string_agg(concat_ws(' ', b.customer_id, b.kind, b.phone_e164), '; ' order by b.customer_id, b.kind desc)
    from trustcart_private.phone_book as b
    where b.family_member_id is null
$$;

insert into trustcart.customers (id, phone) values (1, '01711111111'), (2, '01722222222');
insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
values (1, 'Asha', 'child', '01733333333');
update trustcart.customers set phone = '+880 1744-444444', mobile = '01755555555' where id = 1;
select is(
    pg_temp.numbers(), '1 phone +8801744444444; 1 mobile +8801755555555; 2 phone +8801722222222',
    'one that was changed, one that was added'
);
update trustcart.customers set phone = 'unknown' where id = 1;
select is(pg_temp.numbers(), '1 mobile +8801755555555; 2 phone +8801722222222', 'one that can no longer be read');
update trustcart.customers set phone = mobile, mobile = null where id = 1;
select is(pg_temp.numbers(), '1 phone +8801755555555; 2 phone +8801722222222', 'one that moved');
update trustcart.customers set phone_e164 = '+8801799999999', notes = 'x';
select is(pg_temp.numbers(), '1 phone +8801755555555; 2 phone +8801722222222', 'what is written by hand is undone');
select is(
    (select count(*) from trustcart_private.phone_book as b where b.family_member_id is not null), 1::bigint,
    'the family''s stay'
);
create temporary table unchanged as select b.ctid as place from trustcart_private.phone_book as b;
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, trustcart.business_date(), 5);
update trustcart.customers set notes = 'y', phone = '01755-555555' where id = 1;
select set_eq(
    'select b.ctid as place from trustcart_private.phone_book as b', 'select u.place from unchanged as u',
    'orders, other changes and another spelling do not write'
);
insert into trustcart.customers (id, phone) values (2, '01766666666')
on conflict (id) do update set phone = excluded.phone;
select is(pg_temp.numbers(), '1 phone +8801755555555; 2 phone +8801766666666', 'an upsert');
select is_empty('select * from trustcart.check_customer_state()', 'the check agrees');

select * from finish();
rollback;
