-- phone_book has the numbers of new family members, as far as they can be read.
begin;
select plan(2);

insert into trustcart.customers (id, phone) values (1, '01711111111');
insert into trustcart.customer_family_members (id, customer_id, name, relationship, phone)
values (7, 1, 'Asha', 'child', '01733333333'), (8, 1, 'Babul', 'spouse', '01711 111111'), (9, 1, 'C', 'child', null);
select set_eq(
    'select phone_e164, customer_id, family_member_id, kind from trustcart_private.phone_book',
    $$
    values
    ('+8801711111111', 1::bigint, null::bigint, 'phone'), ('+8801733333333', 1, 7, 'phone'),
    ('+8801711111111', 1, 8, 'phone')
    $$,
    'each that has a number, though it be the customer''s as well'
);
delete from trustcart.customer_family_members where id = 7;
select is((select count(*) from trustcart_private.phone_book), 2::bigint, 'it goes with the family member');

select * from finish();
rollback;
