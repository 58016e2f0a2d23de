-- A receipt names its message by our key or by the provider's id; one that nobody knows waits.
begin;
select plan(17);

insert into trustcart.customers (id) values (900001), (900002), (900003);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, queued_at)
values
(900001, 900001, 900001, 'sms', 'a', '2026-01-01 00:00+06'), (900002, 900001, 900002, 'email', 'b', '2026-01-01 00:00+06'),
(900003, 900001, 900003, 'sms', 'c', '2026-01-01 00:00+06');
create temporary view keys as
select m.id, trustcart_private.message_key(m.id, m.token) as key from trustcart.campaign_messages as m;

select is(
    trustcart.record_receipt('sms', 'delivered', '2026-01-02 10:00+06', (select k.key from keys as k where k.id = 900001)),
    '{"is_new": true, "is_known": true}'::jsonb, 'by key'
);
select is(
    trustcart.record_receipt('sms', 'delivered', '2026-01-02 10:00+06', (select k.key from keys as k where k.id = 900001)),
    '{"is_new": false, "is_known": true}'::jsonb, 'each kind of a message once, where the provider names no event'
);
select is(
    trustcart.record_receipt('sms', 'delivered', '2026-01-02 10:00+06', (select k.key from keys as k where k.id = 900002)),
    '{"is_new": true, "is_known": false}'::jsonb, 'a key of another channel is none'
);
select is((select m.sent_at from trustcart.campaign_messages as m where m.id = 900002), null, 'and does nothing');
select is(
    trustcart.record_receipt(
        'sms', 'delivered', '2026-01-02 10:00+06', '900001-00000000-0000-4000-8000-000000000000', 'sms-3'
    ),
    '{"is_new": true, "is_known": false}'::jsonb, 'a forged key, and an id that is not known yet'
);
select trustcart.record_receipt('sms', 'bounced', '2026-01-02 10:05+06', p_provider_message_id => 'sms-3', p_detail => 'x');
select is(
    (select count(*) from trustcart.campaign_receipts as r where r.message_id is null), 3::bigint, 'they are kept'
);
update trustcart.campaign_messages
set status = 'sent', sent_at = '2026-01-02 09:59+06', provider_message_id = 'sms-3'
where id = 900003;
select results_eq(
    $$select m.sent_at, m.delivered_at, m.bounced_at from trustcart.campaign_messages as m where m.id = 900003$$,
    $$values (timestamptz '2026-01-02 09:59+06', timestamptz '2026-01-02 10:00+06', timestamptz '2026-01-02 10:05+06')$$,
    'and applied when the id becomes known'
);
select is(
    (select count(*) from trustcart.campaign_receipts as r where r.message_id = 900003), 2::bigint, 'which they then name'
);
select trustcart.record_receipt('sms', 'failed', '2026-01-02 10:06+06', p_provider_message_id => 'sms-1', p_detail => 'no');
update trustcart.campaign_messages set provider_message_id = 'sms-1' where id = 900001;
select is(
    (select m.bounced_at from trustcart.campaign_messages as m where m.id = 900001), '2026-01-02 10:06+06'::timestamptz,
    'failed after it was accepted: it bounced'
);
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');

select throws_ok($$select trustcart.record_receipt('fax', 'sent', now(), 'x')$$, 'TC002', null, 'channel');
select throws_ok($$select trustcart.record_receipt('sms', 'inbound', now(), 'x')$$, 'TC002', null, 'kind');
select throws_ok($$select trustcart.record_receipt('sms', 'sent', null, 'x')$$, 'TC003', 'occurred_at is required', 'when');
select throws_ok($$select trustcart.record_receipt('sms', 'sent', now(), ' ')$$, 'TC003', null, 'which message');
select throws_ok($$select trustcart.record_receipt('sms', 'sent', '-infinity', 'x')$$, 'TC005', null, 'no time');
select throws_ok(
    $$select trustcart.record_receipt('sms', 'sent', now(), null, repeat('x', 501))$$, 'TC005', null, 'an id that is none'
);
select throws_ok(
    $$select trustcart.record_receipt('sms', 'sent', now(), null, 'x', repeat('x', 501))$$, 'TC005', null, 'nor that'
);

select * from finish();
rollback;
