-- Webhooks of providers: verified, read in two forms, and the same when they come again.
begin;
select plan(25);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id, phone) values (900001, '01711000001'), (900002, '01711000002');
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, token, status, sent_at, queued_at, provider_message_id
)
values
(
    900001, 900001, 900001, 'whatsapp', '+8801711000001', '00000000-0000-4000-8000-000000000001', 'sent',
    '2026-01-02 10:00+06', '2026-01-01', 'wamid.1'
),
(
    900002, 900001, 900002, 'sms', '+8801711000002', '00000000-0000-4000-8000-000000000002', 'sent',
    '2026-01-02 10:00+06', '2026-01-01', null
);
create function pg_temp.signed(p_body text) returns text language sql as $$
    select encode(trustcart_private.hmac_sha256(convert_to('a secret', 'UTF8'), convert_to(p_body, 'UTF8')), 'hex')
$$;
create temporary table bodies (name text primary key, body text);
insert into bodies
values
(
    'whatsapp',
    '{"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [{"field": "messages", "value": {
    "messaging_product": "whatsapp", "statuses": [
    {"id": "wamid.1", "status": "read", "timestamp": "1767355380", "recipient_id": "8801711000001"},
    {"id": "wamid.1", "status": "delivered", "timestamp": "1767355320", "recipient_id": "8801711000001"},
    {"id": "wamid.2", "status": "failed", "timestamp": "1767355320", "errors": [{"code": 131026, "title": "Undeliverable"}]},
    {"id": "wamid.1", "status": "deleted", "timestamp": "1767355320"}]}},
    {"field": "messages", "value": {"messages": [{"from": "8801711000001", "id": "wamid.in", "timestamp": "1767355440",
    "type": "text", "text": {"body": "দাম কত?"}, "context": {"from": "88017", "id": "wamid.1"}}]}}]}]}'
),
(
    'sms',
    '{"events": [{"id": "1", "kind": "delivered", "message_key": "900002-00000000-0000-4000-8000-000000000002",
    "occurred_at": "2026-01-02T10:05:00"}, {"id": "2", "kind": "inbound", "from": "01711000002", "text": "STOP",
    "occurred_at": "2026-01-02T10:06:00Z"}]}'
);

select throws_ok(
    $$select trustcart_api.receive_webhook('whatsapp', b.body, pg_temp.signed(b.body)) from bodies as b$$, 'TC401', null,
    'no secret is set'
);
select set_config('trustcart.webhook_secret', 'a secret', true);
select throws_ok(
    $$select trustcart_api.receive_webhook('whatsapp', b.body, pg_temp.signed(b.body || ' ')) from bodies as b$$, 'TC401',
    'the signature does not fit the body', 'another body'
);
select throws_ok(
    $$select trustcart_api.receive_webhook('whatsapp', b.body, null) from bodies as b$$, 'TC401', null, 'no signature'
);
select throws_ok(
    $$select trustcart_api.receive_webhook('whatsapp', b.body, '') from bodies as b$$, 'TC401', null, 'an empty one'
);
select throws_ok($$select trustcart_api.receive_webhook('whatsapp', null, 'x')$$, 'TC401', null, 'no body');
select is_empty('select * from trustcart.campaign_receipts', 'nothing was written');

select is(
    trustcart_api.receive_webhook('WhatsApp', b.body, 'sha256=' || upper(pg_temp.signed(b.body))),
    '{"received": 5, "new": 4, "known": 3, "inbound": 1, "ignored": 1}'::jsonb, 'what the WhatsApp Cloud API sends'
)
from bodies as b
where b.name = 'whatsapp';
select results_eq(
    'select m.delivered_at, m.opened_at, m.responded_at from trustcart.campaign_messages as m where m.id = 900001',
    $$values (timestamptz '2026-01-02 12:02:00Z', timestamptz '2026-01-02 12:03:00Z', timestamptz '2026-01-02 12:04:00Z')$$,
    'status and answer'
);
select is(
    (select i.details from trustcart.customer_interactions as i), 'দাম কত?', 'which is logged'
);
select results_eq(
    $$select r.kind, r.detail from trustcart.campaign_receipts as r where r.provider_message_id = 'wamid.2'$$,
    $$values ('bounced', '131026: Undeliverable')$$, 'one of a message that we do not know is kept'
);
select is(
    trustcart_api.receive_webhook('whatsapp', b.body, pg_temp.signed(b.body)) ->> 'new', '0', 'again: nothing is new'
)
from bodies as b
where b.name = 'whatsapp';
select is((select count(*) from trustcart.customer_interactions), 1::bigint, 'nor logged again');
select is(
    trustcart_api.receive_webhook('sms', b.body, pg_temp.signed(b.body)),
    '{"received": 2, "new": 2, "known": 2, "inbound": 1, "ignored": 0}'::jsonb, 'our own form'
)
from bodies as b
where b.name = 'sms';
select is(
    (select m.delivered_at from trustcart.campaign_messages as m where m.id = 900002), '2026-01-02 10:05+06'::timestamptz,
    'an hour without an offset is the shop''s'
);
select results_eq(
    'select n.customer_id, n.channel, n.granted from trustcart.customer_consents as n',
    $$values (900002::bigint, 'sms', false)$$, 'STOP'
);
select is(trustcart_api.receive_webhook('push', '{"events": []}', pg_temp.signed('{"events": []}')) ->> 'received', '0', 'empty');

select throws_ok(
    format('select trustcart_api.receive_webhook(%L, %L, %L)', w.channel, w.body, pg_temp.signed(w.body)), w.code, null, w.told
)
from (
    values
    ('fax', '{"events": []}', 'TC002', 'unknown channel'), ('sms', '{"events": [', 'TC005', 'no JSON'),
    ('sms', '{"events": "\u0000"}', 'TC005', 'JSON that Postgres cannot hold'), ('sms', '[1]', 'TC005', 'no webhook'),
    ('sms', '{"entry": []}', 'TC005', 'the form of another channel'), ('sms', '{"events": [1]}', 'TC005', 'no event'),
    (
        'sms', '{"events": [{"kind": "sent", "message_id": "1", "occurred_at": "yesterday"}]}', 'TC005', 'no time'
    ),
    ('sms', '{"events": [{"kind": "lost", "message_id": "1"}]}', 'TC002', 'unknown kind')
) as w (channel, body, code, told);
select is_empty(
    'select * from trustcart.check_campaigns()', 'all agrees'
);

select * from finish();
rollback;
