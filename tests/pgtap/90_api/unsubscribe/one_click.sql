-- The link of a message: one click, no login.
begin;
select plan(15);

insert into trustcart.customers (id) values (900001), (900002);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid'), (900002, 'Later');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, token, status, sent_at, occurrence)
values
(900001, 900001, 900001, 'sms', 'a', '00000000-0000-4000-8000-000000000001', 'sent', now(), ''),
(900002, 900001, 900002, 'sms', 'b', '00000000-0000-4000-8000-000000000002', 'queued', null, ''),
(900003, 900002, 900001, 'sms', 'a', '00000000-0000-4000-8000-000000000003', 'queued', null, ''),
(900004, 900002, 900001, 'email', 'a@x', '00000000-0000-4000-8000-000000000004', 'queued', null, 'x');
create temporary view consents as
select n.customer_id, n.channel, n.granted, n.source from trustcart.customer_consents as n order by n.id;

select throws_ok(
    $$select trustcart_api.unsubscribe('900001-00000000-0000-4000-8000-000000000002')$$, 'TC004',
    'this link is not one of ours', 'a token that is another''s'
);
select throws_ok(
    $$select trustcart_api.unsubscribe('900009-00000000-0000-4000-8000-000000000001')$$, 'TC004',
    'this link is not one of ours', 'an id that is none: told alike'
);
select throws_ok($$select trustcart_api.unsubscribe('')$$, 'TC004', null, 'nothing');
select throws_ok($$select trustcart_api.unsubscribe(null)$$, 'TC004', null, 'null');
select is_empty('select * from consents', 'nothing came of these');

select is(
    trustcart_api.unsubscribe('900001-00000000-0000-4000-8000-000000000001'),
    '{"message": "You will get no more messages from us by sms.", "channel": "sms", "unsubscribed": true}'::jsonb,
    'the right one'
);
select results_eq(
    'select * from consents', $$values (900001::bigint, 'sms', false, 'unsubscribe link')$$, 'withdraws the consent'
);
select isnt(
    (select m.unsubscribed_at from trustcart.campaign_messages as m where m.id = 900001), null, 'stands beside the message'
);
select results_eq(
    'select m.id, m.status from trustcart.campaign_messages as m where m.id >= 900002 order by 1',
    $$values (900002::bigint, 'queued'), (900003, 'cancelled'), (900004, 'queued')$$, 'cancels what is queued for the channel'
);
select is(
    (select count(*) from trustcart.events as e where e.event_type = 'customer_unsubscribed' and e.customer_id = 900001),
    1::bigint, 'is told to others'
);
select lives_ok($$select trustcart_api.unsubscribe('900001-00000000-0000-4000-8000-000000000001')$$, 'a second click');
select is((select count(*) from consents), 1::bigint, 'changes nothing');
select trustcart_private.change_consent(array[900001], 'sms', true, 'asked again', clock_timestamp());
select trustcart_api.unsubscribe('900001-00000000-0000-4000-8000-000000000001');
select results_eq(
    'select * from consents',
    $$values (900001::bigint, 'sms', false, 'unsubscribe link'), (900001, 'sms', true, 'asked again'),
    (900001, 'sms', false, 'unsubscribe link')$$, 'but it does after the customer had agreed again'
);
select trustcart_api.unsubscribe(' 900002-00000000-0000-4000-8000-000000000002 ');
select is(
    (select m.status from trustcart.campaign_messages as m where m.id = 900002), 'sent',
    'a message whose worker did not live to record it: it must have been sent'
);
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');

select * from finish();
rollback;
