-- Contacts fall on the days of the time zone in settings; counted anew, they are what the triggers keep.
begin;
select plan(6);

create temporary view days as
select
    d.customer_id,
    d.contacted_on::text as contacted_on,
    d.channel,
    d.contacts
from trustcart_private.contact_days as d
where d.contacts > 0;

insert into trustcart.customers (id) values (1);
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
values (1, 'sms', '2025-06-01 20:00+00'), (1, 'call', '2025-06-01 10:00+00');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (1, '2025-06-01 20:00+00', 'no_answer');
select set_eq(
    'select * from days',
    $$ values (1::bigint, '2025-06-02', 'sms', 1), (1, '2025-06-01', 'call', 1), (1, '2025-06-02', 'call', 1) $$,
    'days of Dhaka'
);
update trustcart.settings set time_zone = 'Europe/London';
select set_eq(
    'select * from days', $$ values (1::bigint, '2025-06-01', 'sms', 1), (1, '2025-06-01', 'call', 2) $$,
    'days of London'
);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (1, '2025-06-01 20:00+00', 'no_answer');
delete from trustcart.customer_interactions where interaction_type = 'sms';
select set_eq('select * from days', $$ values (1::bigint, '2025-06-01', 'call', 3) $$, 'what comes later falls there too');

create temporary table unchanged as select d.ctid as place from trustcart_private.contact_days as d;
update trustcart.settings set contacts_per_week = 5, time_zone = 'Europe/London';
select set_eq(
    'select d.ctid as place from trustcart_private.contact_days as d', 'select u.place from unchanged as u',
    'another setting counts nothing anew'
);

update trustcart_private.contact_days set contacts = 17;
insert into trustcart_private.contact_days (customer_id, contacted_on, channel, contacts)
values (1, '2025-01-01', 'sms', 1);
select is(trustcart_private.recount_contact_days(), 1::bigint, 'counted by hand, it says how many rows there are');
select set_eq('select * from days', $$ values (1::bigint, '2025-06-01', 'call', 3) $$, 'and all is right');

select * from finish();
rollback;
