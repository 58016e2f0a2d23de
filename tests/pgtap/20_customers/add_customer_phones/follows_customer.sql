-- phone_book has the numbers of new customers, as far as they can be read.
begin;
select plan(3);

insert into trustcart.customers (id, phone, mobile)
values (1, '01711-111111', '০১৭২২২২২২২২'), (2, '01711111111', null), (3, 'ask her son', ''), (4, null, null);
select set_eq(
    'select phone_e164, customer_id, family_member_id, kind from trustcart_private.phone_book',
    $$
    values
    ('+8801711111111', 1::bigint, null::bigint, 'phone'), ('+8801722222222', 1, null, 'mobile'),
    ('+8801711111111', 2, null, 'phone')
    $$,
    'phone and mobile of each, none where there is none'
);
insert into trustcart.customers (id, phone_e164) values (5, '+8801755555555');
select is_empty(
    'select * from trustcart_private.phone_book where customer_id = 5', 'what was supplied for a derived number is not'
);
delete from trustcart.customers where id = 1;
select is((select count(*) from trustcart_private.phone_book), 1::bigint, 'numbers go with the customer');

select * from finish();
rollback;
