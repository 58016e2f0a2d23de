-- What customers write to us: logged, an answer to a message of ours, or a decision.
begin;
select plan(27);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id, first_name, phone, email)
values
(900001, 'Rahima', '01711000001', 'Rahima@Example.com'), (900002, 'Karim', '01711000002', null),
(900003, 'Karim''s wife', '01711000002', null), (900004, 'Other', '01711000004', null);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
values (900004, 'Son', 'child', '01711000005'), (900004, 'Rahima', 'sister', '01711000001');
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid'), (900002, 'Later');
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, status, sent_at, queued_at, provider_message_id
)
values
(900001, 900001, 900001, 'whatsapp', '+8801711000001', 'sent', '2026-01-02 10:00+06', '2026-01-01', 'w1'),
(900002, 900002, 900001, 'whatsapp', '+8801711000001', 'sent', '2026-01-03 10:00+06', '2026-01-01', 'w2'),
(900003, 900001, 900002, 'sms', '+8801711000002', 'sent', '2026-01-02 10:00+06', '2026-01-01', null);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, occurrence)
values (900004, 900002, 900003, 'sms', '+8801711000002', ''), (900005, 900001, 900001, 'whatsapp', '+8801711000001', 'x');

select is(
    trustcart.receive_message('whatsapp', '8801711000001', 'How much is it?', '2026-01-04 10:00+06', 'e1', 'w1')
    - 'customers_changed',
    '{"is_new": true, "customer_id": 900001, "message_id": 900001, "consent": null}'::jsonb,
    'an answer to the message it names, from a number as WhatsApp writes it'
);
select results_eq(
    $$select m.id, m.responded_at from trustcart.campaign_messages as m where m.responded_at is not null$$,
    $$values (900001::bigint, timestamptz '2026-01-04 10:00+06')$$, 'answered'
);
select results_eq(
    $$select i.customer_id, i.interaction_type, i.direction, i.subject, i.details, i.interaction_date
    from trustcart.customer_interactions as i$$,
    $$values (900001::bigint, 'whatsapp', 'inbound', 'Answer to Eid', 'How much is it?', timestamptz '2026-01-04 10:00+06')$$,
    'and logged'
);
select is(
    (select e.response from trustcart.customer_engagement_history as e where e.message_id = 900001), null,
    'what it means is not guessed'
);
select is(
    trustcart.receive_message('whatsapp', '8801711000001', 'How much is it?', '2026-01-04 10:00+06', 'e1', 'w1')
    ->> 'is_new', 'false', 'again'
);
select is((select count(*) from trustcart.customer_interactions), 1::bigint, 'is logged once');
select is(
    trustcart.receive_message('whatsapp', '+8801711000001', 'And now?', '2026-01-05 10:00+06') ->> 'message_id', '900002',
    'without a name: the latest to that address'
);
select is(
    trustcart.receive_message('whatsapp', '+8801711000001', 'Hello', '2026-01-11 10:00+06') ->> 'message_id', null,
    'none after its days'
);
select is(
    trustcart.receive_message('whatsapp', '+8801711000001', 'Hello', '2026-01-04 11:00+06', 'e2', 'w9') ->> 'message_id',
    null, 'and none when it answers something else'
);
update trustcart.campaign_messages
set status = 'sent', sent_at = '2026-01-04 09:00+06', queued_at = '2026-01-01', provider_message_id = 'w9'
where id = 900005;
select is(
    (select m.responded_at from trustcart.campaign_messages as m where m.id = 900005), '2026-01-04 11:00+06'::timestamptz,
    'which turns out to be one of ours after all'
);
select is(
    trustcart.receive_message('email', 'Rahima <rahima@example.COM>', 'Hi', '2026-01-04 10:00+06') ->> 'customer_id',
    '900001', 'by e-mail address, whatever its case'
);
select is(
    trustcart.receive_message('sms', '01711000005', 'Hi', '2026-01-04 10:00+06') ->> 'customer_id', '900004',
    'a number of the family'
);
select is(
    trustcart.receive_message('sms', '01799999999', 'Hi', '2026-01-04 10:00+06', 'stranger') ->> 'customer_id', null,
    'a stranger'
);
select is(
    (select r.detail from trustcart.campaign_receipts as r where r.provider_event_id = 'stranger'),
    'from 01799999999: Hi', 'is kept'
);

-- Decisions
select is(
    trustcart.receive_message('sms', '01711000002', E'  Stop \n ALL. ', '2026-01-05 10:00+06')
    - 'customer_id',
    '{"is_new": true, "message_id": 900003, "consent": false, "customers_changed": 2}'::jsonb,
    'STOP, in any case, with spaces and full stops: of both who have the number'
);
select results_eq(
    $$select n.customer_id, n.channel, n.granted, n.recorded_at, n.source
    from trustcart.customer_consents as n order by n.customer_id$$,
    $$values (900002::bigint, 'sms', false, timestamptz '2026-01-05 10:00+06', 'STOP ALL by sms'),
    (900003, 'sms', false, '2026-01-05 10:00+06', 'STOP ALL by sms')$$, 'is a consent withdrawn'
);
select results_eq(
    $$select m.status, split_part(m.close_reason, ':', 1) from trustcart.campaign_messages as m where m.id = 900004$$,
    $$values ('cancelled', 'no_consent')$$, 'what was queued is cancelled'
);
select results_eq(
    $$select m.responded_at, m.unsubscribed_at from trustcart.campaign_messages as m where m.id = 900003$$,
    $$values (null::timestamptz, timestamptz '2026-01-05 10:00+06')$$, 'it is no answer'
);
select is(
    (select count(*) from trustcart.events as e where e.event_type = 'customer_unsubscribed'), 2::bigint, 'others are told'
);
select is(
    trustcart.receive_message('sms', '01711000002', 'চালু', '2026-01-06 10:00+06') ->> 'customers_changed', '2', 'START'
);
select is(
    trustcart.receive_message('sms', '01711000002', 'STOP', '2026-01-05 12:00+06') ->> 'customers_changed', '0',
    'a STOP that comes late, of a time when it held already'
);
select results_eq(
    $$select c.customer_id, c.granted from trustcart_private.message_consents('sms', now(), array[900002, 900003]) as c$$,
    'values (900002::bigint, true), (900003, true)', 'the last word is the customer''s'
);
select is(
    trustcart.receive_message('sms', '01711000002', 'Please do not stop', '2026-01-06 11:00+06') ->> 'consent', null,
    'a sentence is no decision'
);
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');
select throws_ok($$select trustcart.receive_message('fax', '01711000002', 'Hi')$$, 'TC002', null, 'channel');
select throws_ok($$select trustcart.receive_message('sms', ' ', 'Hi')$$, 'TC003', 'from is required', 'nobody');

select throws_ok(
    $$select trustcart.receive_message('sms', '01711000001', 'Hi', now(), repeat('x', 501))$$, 'TC005', null, 'an id that is none'
);

select * from finish();
rollback;
