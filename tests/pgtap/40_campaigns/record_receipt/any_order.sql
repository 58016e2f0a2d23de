-- The receipts of a message in any order, each told twice, several of a kind, leave the same message.
begin;
select plan(10);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 30) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, queued_at, provider_message_id)
select 900000 + n, 900001, 900000 + n, 'whatsapp', 'a' || n, '2026-01-01 00:00+06', 'w' || n
from generate_series(1, 30) as g (n);
-- Ten messages each: never recorded as sent, sent before the receipts, in the hands of a worker that is gone.
update trustcart.campaign_messages set status = 'sent', sent_at = '2026-01-02 10:00+06' where id between 900011 and 900020;
update trustcart.campaign_messages
set status = 'sending', claimed_by = 1, claimed_at = '2026-01-02 09:59+06', attempts = 1
where id between 900021 and 900030;
insert into trustcart.campaign_delivery_attempts (message_id, attempt, worker)
select n, 1, 1 from generate_series(900021, 900030) as g (n);

select setseed(0.7);
do $$
declare
    v_one record;
begin
    for v_one in
        select m.n, k.kind, k.at + times.n * interval '10 minutes' as at, k.kind || m.n || times.n as event_id
        from generate_series(1, 30) as m (n)
        cross join (
            values
            ('sent', timestamptz '2026-01-02 10:00+06'), ('delivered', '2026-01-02 10:01+06'),
            ('opened', '2026-01-02 10:02+06'), ('responded', '2026-01-02 10:03+06')
        ) as k (kind, at)
        cross join generate_series(0, 2) as times (n)
        cross join generate_series(1, 2) as told (n)
        order by random()
    loop
        perform trustcart.record_receipt('whatsapp', v_one.kind, v_one.at, null, 'w' || v_one.n, v_one.event_id);
    end loop;
end;
$$;
select results_eq(
    $$select distinct m.status, m.sent_at, m.delivered_at, m.opened_at, m.responded_at, m.bounced_at, m.claimed_by
    from trustcart.campaign_messages as m$$,
    $$values ('sent', timestamptz '2026-01-02 10:00+06', timestamptz '2026-01-02 10:01+06',
    timestamptz '2026-01-02 10:02+06', timestamptz '2026-01-02 10:03+06', null::timestamptz, null::bigint)$$,
    'all thirty are the same'
);
select is((select count(*) from trustcart.campaign_receipts), 360::bigint, 'each event once');
select results_eq(
    'select k.sent_count, k.response_count from trustcart.marketing_campaigns as k', 'values (30, 30)', 'counted once'
);
select is(
    (select count(*) from trustcart.campaign_delivery_attempts as a where a.outcome = 'accepted'), 10::bigint,
    'attempts that nobody told about were accepted'
);
select is(
    trustcart.record_receipt('whatsapp', 'opened', '2026-01-02 09:00+06', p_provider_message_id => 'w1', p_event_id => 'x'),
    '{"is_new": true, "is_known": true}'::jsonb, 'opened a second time, under its own event'
);
select is(
    trustcart.record_receipt('whatsapp', 'opened', '2025-01-02 09:00+06', p_provider_message_id => 'w1', p_event_id => 'x'),
    '{"is_new": false, "is_known": true}'::jsonb, 'the event once more'
);
select results_eq(
    $$select m.opened_at, m.sent_at from trustcart.campaign_messages as m where m.id = 900001$$,
    $$values (timestamptz '2026-01-02 09:00+06', timestamptz '2026-01-02 09:00+06')$$,
    'the earliest holds; it cannot have been sent later'
);
select trustcart.record_receipt(
    'whatsapp', 'delivered', '2020-01-01 00:00+06', p_provider_message_id => 'w2', p_event_id => 'early'
);
select is(
    (select m.delivered_at from trustcart.campaign_messages as m where m.id = 900002), '2026-01-01 00:00+06'::timestamptz,
    'a clock that is wrong: not before it was queued'
);
select trustcart.record_receipt(
    'whatsapp', 'bounced', '2126-01-01 00:00+06', p_provider_message_id => 'w2', p_event_id => 'late'
);
select cmp_ok(
    (select m.bounced_at from trustcart.campaign_messages as m where m.id = 900002), '<=', clock_timestamp(),
    'nor in the future'
);
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');

select * from finish();
rollback;
