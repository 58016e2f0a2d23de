-- What speaks against calling a customer at an instant, a row a reason: TC208 for the day, TC209 for the hour.
begin;
select plan(24);

insert into trustcart.customers (id, first_name, phone) values (1, 'Rahim', '01711000001'), (2, 'Karim', '01711000002');
select is_empty($$select 1 from trustcart.check_contact(1, '2025-06-18 10:00+06')$$, 'nothing, no row');
select is_empty($$select 1 from trustcart.check_contact(1)$$, 'now, without an instant');

-- by the instant, not by the day
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (1, 'call', false, '2025-06-18 10:00+06'), (1, 'call', true, '2025-06-18 12:00+06'), (2, 'sms', false, '2025-06-01');
select is_empty($$select 1 from trustcart.check_contact(1, '2025-06-18 09:59+06')$$, 'not before they said it');
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(1, '2025-06-18 10:01+06') as c$$,
    $$values ('do not call', 'TC208')$$,
    'a minute later it holds'
);
select is_empty($$select 1 from trustcart.check_contact(1, '2025-06-18 12:01+06')$$, 'and is taken back at noon');
select is_empty($$select 1 from trustcart.check_contact(2, '2025-06-18 12:01+06')$$, 'another channel, another customer');

-- contacts of the day itself count now, but for calls: a second try is the same contact
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
values (1, 'sms', '2025-06-16 10:00+06'), (1, 'email', '2025-06-17 10:00+06'), (1, 'call', '2025-06-18 12:30+06');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values (1, '2025-06-18 12:40+06', 'busy');
select is_empty(
    $$select 1 from trustcart.check_contact(1, '2025-06-18 13:00+06')$$, 'two contacts, and a call of today tried again'
);
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
values (1, 'whatsapp', '2025-06-18 13:00+06');
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(1, '2025-06-18 14:00+06') as c$$,
    $$values ('contacted 3 times in seven days', 'TC208')$$,
    'a message of today is the third'
);
select results_eq(
    $$select c.reason from trustcart.check_contact(1, '2025-06-19 00:00+06') as c$$,
    $$values ('contacted 4 times in seven days')$$,
    'the day after, the call of the day before counts too'
);
select is_empty($$select 1 from trustcart.check_contact(1, '2025-06-24 10:00+06')$$, 'two are left of that week six days later');
delete from trustcart.customer_interactions;

-- a pause from the instant on, ended by a contact of theirs
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome, interaction_date)
values (2, 'call', 'outbound', 'not_interested', '2025-06-18 10:00+06'), (2, 'sms', 'inbound', null, '2025-06-20 10:00+06');
select is_empty($$select 1 from trustcart.check_contact(2, '2025-06-18 09:59+06')$$, 'nobody knew before');
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(2, '2025-06-18 10:01+06') as c$$,
    $$values ('not_interested on 2025-06-18, no calls for 30 days', 'TC208')$$,
    'the same day already'
);
select isnt_empty($$select 1 from trustcart.check_contact(2, '2025-06-20 09:59+06')$$, 'until they write');
select is_empty($$select 1 from trustcart.check_contact(2, '2025-06-20 10:01+06')$$, 'and no longer');
delete from trustcart.customer_interactions where direction = 'inbound';
select isnt_empty($$select 1 from trustcart.check_contact(2, '2025-07-17 23:59+06')$$, 'the thirtieth day');
select is_empty($$select 1 from trustcart.check_contact(2, '2025-07-18 00:00+06')$$, 'and the one after');

-- wrong number
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at)
values (2, '+8801711000002', '2025-08-01 10:00+06');
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(2, '2025-08-01 10:01+06') as c$$,
    $$values ('wrong number: none is left', 'TC208')$$,
    'no number is left to call'
);

-- the hour
update trustcart.settings set quiet_from = '21:00', quiet_until = '09:00';
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(1, '2025-06-18 08:59+06') as c$$,
    $$values ('to be called 09:00–21:00 only', 'TC209')$$,
    'in the quiet hours'
);
select is(
    (
        select array_agg(h.hour::time) from unnest(array['08:59', '09:00', '20:59', '21:00', '23:59', '00:00']) as h (hour)
        where not exists (
            select from trustcart.check_contact(1, ('2025-06-25 ' || h.hour || '+06')::timestamptz)
        )
    ),
    array['09:00', '20:59']::time [],
    'from the first minute to before the last'
);
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (1, '08:00', '10:00'), (2, '22:00', '23:00');
select results_eq(
    $$select c.reason from trustcart.check_contact(1, '2025-06-25 11:00+06') as c$$,
    $$values ('to be called 09:00–10:00 only')$$,
    'what is left of the hours the customer prefers'
);
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(2, '2025-08-02 22:30+06') as c$$,
    $$values ('wrong number: none is left', 'TC208'), ('no hour of the day to call at', 'TC209')$$,
    'day and hour are told both, the day first'
);
update trustcart.settings set quiet_from = '13:00', quiet_until = '14:00';
update trustcart.customer_contact_preferences set preferred_until = '16:00' where customer_id = 1;
select results_eq(
    $$select c.reason from trustcart.check_contact(1, '2025-06-25 13:30+06') as c$$,
    $$values ('to be called 08:00–13:00 and 14:00–16:00 only')$$,
    'several stretches'
);

-- who is not to be called at all, and who is not there
update trustcart.customers set is_active = false where id = 2;
select results_eq(
    $$select c.reason, c.sqlstate from trustcart.check_contact(2, '2025-06-24 10:00+06') as c where c.sqlstate = 'TC202'$$,
    $$values ('the customer is inactive', 'TC202')$$,
    'a closed account'
);
select throws_ok($$select trustcart.check_contact(4711)$$, 'TC004', null, 'nobody');

select * from finish();
rollback;
