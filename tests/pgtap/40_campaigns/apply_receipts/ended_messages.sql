-- What came back was sent, whatever had become of the message by then.
begin;
select plan(6);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 4) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, queued_at, status, attempts, closed_at, close_reason
)
values
(900001, 900001, 900001, 'sms', 'a', '2026-01-01', 'failed', 2, '2026-01-03', 'gave up: 2 attempts'),
(900002, 900001, 900002, 'sms', 'b', '2026-01-01', 'expired', 0, '2026-01-03', 'campaign ended'),
(900003, 900001, 900003, 'sms', 'c', '2026-01-01', 'queued', 1, null, null),
(900004, 900001, 900004, 'sms', 'd', '2026-01-01', 'queued', 0, null, null);
insert into trustcart.campaign_delivery_attempts (message_id, attempt, worker, finished_at, outcome, error)
values
(900001, 1, 1, '2026-01-02', 'temporary', 'busy'), (900001, 2, 1, '2026-01-03', 'unknown', 'gone'),
(900003, 1, 1, '2026-01-02', 'unknown', 'gone');
insert into trustcart.campaign_receipts (id, channel, provider_event_id, kind, message_id, occurred_at, received_at)
select 900000 + n, 'sms', 'e' || n, 'delivered', 900000 + n, '2026-01-02 10:00+06', '2026-01-04' from generate_series(1, 3) as g (n);

select trustcart_private.apply_receipts(array[900001, 900002, 900003]);
select results_eq(
    'select m.status, m.sent_at, m.closed_at, m.close_reason from trustcart.campaign_messages as m order by m.id',
    $$values ('sent', timestamptz '2026-01-02 10:00+06', null::timestamptz, null::text),
    ('sent', '2026-01-02 10:00+06', null, null), ('sent', '2026-01-02 10:00+06', null, null), ('queued', null, null, null)$$,
    'failed, expired and queued again: sent, and not sent again'
);
select results_eq(
    $$select a.message_id, a.attempt, a.outcome from trustcart.campaign_delivery_attempts as a order by 1, 2$$,
    $$values (900001::bigint, 1::smallint, 'temporary'), (900001, 2::smallint, 'accepted'), (900003, 1::smallint, 'accepted')$$,
    'the attempt that nobody knew about did it'
);
select is((select k.sent_count from trustcart.marketing_campaigns as k), 3, 'counted');
select lives_ok('select trustcart_private.apply_receipts(array[900001])', 'again');
select lives_ok($$select trustcart_private.apply_receipts('{}')$$, 'and of nothing');
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');

select * from finish();
rollback;
