-- phone_book has the numbers that family members have, after any change of them.
begin;
select plan(6);

create function pg_temp.numbers()
returns text language sql as $$
    select string_agg(concat_ws(' ', b.customer_id, b.family_member_id, b.phone_e164), '; ' order by b.family_member_id)
    from trustcart_private.phone_book as b
    where b.family_member_id is not null
$$;

insert into trustcart.customers (id, phone, mobile) values (1, '01711111111', '01722222222'), (2, null, null);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, phone)
values (7, 1, 'Asha', 'child', '01733333333'), (8, 1, 'Babul', 'spouse', null);
update trustcart.customer_family_members set phone = '01744444444' where id = 7;
select is(pg_temp.numbers(), '1 7 +8801744444444', 'one that was changed');
update trustcart.customer_family_members set phone = '01755555555' where id = 8;
select is(pg_temp.numbers(), '1 7 +8801744444444; 1 8 +8801755555555', 'one that was added');
update trustcart.customer_family_members set customer_id = 2 where id = 8;
select is(pg_temp.numbers(), '1 7 +8801744444444; 2 8 +8801755555555', 'one that came to another customer');
update trustcart.customer_family_members set phone = null where id = 7;
select is(pg_temp.numbers(), '2 8 +8801755555555', 'one that was taken out');
truncate trustcart.customer_family_members cascade;
select set_eq(
    'select phone_e164, customer_id, family_member_id from trustcart_private.phone_book',
    $$ values ('+8801711111111', 1::bigint, null::bigint), ('+8801722222222', 1, null) $$,
    'after a truncate the customers'' own are left'
);
select is_empty('select * from trustcart.check_customer_state()', 'the check agrees');

select * from finish();
rollback;
