-- phone, else mobile, whichever is not flagged, as typed.
begin;
select plan(9);

insert into trustcart.customers (id, phone, mobile)
values
(1, ' 01711-111111', '01722222222'), (2, null, '01722222222'), (3, '  ', ''), (4, 'ext. 12', null),
(5, '01711111111', '+8801711111111');
insert into trustcart.customer_phone_flags (customer_id, phone) values (2, '+8801711111111');
select is(trustcart_private.number_to_dial(1), '01711-111111', 'phone');
select is(trustcart_private.number_to_dial(2), '01722222222', 'mobile, where there is no phone');
select is(trustcart_private.number_to_dial(3), null, 'none');
select is(trustcart_private.number_to_dial(4), 'ext. 12', 'one that cannot be read as a number');
select is(trustcart_private.number_to_dial(99), null, 'nobody');
insert into trustcart.customer_phone_flags (customer_id, phone)
values (1, '+8801711111111'), (4, 'ext. 12'), (5, '+8801711111111');
select is(trustcart_private.number_to_dial(1), '01722222222', 'mobile, when the phone is flagged');
select is(trustcart_private.number_to_dial(4), null, 'none, when the only one is');
select is(trustcart_private.number_to_dial(5), null, 'one number typed twice is one');
update trustcart.customer_phone_flags set cleared_at = flagged_at where customer_id = 1;
select is(trustcart_private.number_to_dial(1), '01711-111111', 'the phone again, when it is cleared');

select * from finish();
rollback;
