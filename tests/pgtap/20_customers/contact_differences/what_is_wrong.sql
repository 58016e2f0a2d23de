-- What contact_days and phone_book hold differently from what they were counted from, and nothing else.
begin;
select plan(6);

insert into trustcart.customers (id, phone, mobile) values (1, '01711111111', '01722222222'), (2, null, null);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, phone)
values (7, 2, 'Asha', 'child', '01733333333');
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
values (1, 'sms', '2025-06-01 10:00+06'), (1, 'sms', '2025-06-01 11:00+06'), (2, 'call', '2025-06-01 11:00+06');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (2, '2025-06-01 11:00+06', 'no_answer');
select is_empty('select * from trustcart_private.contact_differences()', 'nothing is wrong');

update trustcart_private.contact_days set contacts = 3 where customer_id = 1;
delete from trustcart_private.contact_days where customer_id = 2;
insert into trustcart_private.contact_days (customer_id, contacted_on, channel, contacts)
values (2, '2025-06-02', 'visit', 1), (2, '2025-06-03', 'visit', 0);
select set_eq(
    'select * from trustcart_private.contact_differences()',
    $$
    values
    (1::bigint, 'contacts by sms on 2025-06-01', '3', '2'), (2, 'contacts by call on 2025-06-01', null, '2'),
    (2, 'contacts by visit on 2025-06-02', '1', '0')
    $$,
    'a day with other contacts, one that is missing, one too many; a day with none is as good as no day'
);
select set_eq(
    'select customer_id, figure from trustcart.check_customer_state()',
    'select customer_id, figure from trustcart_private.contact_differences()',
    'check_customer_state() reports them'
);
select trustcart_private.recount_contact_days();
select is_empty('select * from trustcart.check_customer_state()', 'until they are counted anew');

update trustcart_private.phone_book set phone_e164 = '+8801799999999' where kind = 'mobile';
delete from trustcart_private.phone_book where family_member_id = 7;
insert into trustcart_private.phone_book (phone_e164, customer_id, kind) values ('+8801744444444', 2, 'phone');
select set_eq(
    'select * from trustcart_private.contact_differences()',
    $$
    values
    (1::bigint, 'mobile in phone_book', '+8801799999999', '+8801722222222'),
    (2, 'phone of family member 7 in phone_book', null, '+8801733333333'),
    (2, 'phone in phone_book', '+8801744444444', null)
    $$,
    'numbers that are wrong, missing or left over'
);
select set_eq(
    'select customer_id, figure from trustcart.check_customer_state()',
    'select customer_id, figure from trustcart_private.contact_differences()',
    'check_customer_state() reports these as well'
);

select * from finish();
rollback;
