begin;
select plan(11);

update trustcart.settings set contacts_per_week = 1000;
insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 5) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 5) as n;
select is((select count(*) from trustcart.claim_messages('sms', 1, 10, '2026-03-10 12:00+06')), 5::bigint, 'in hand');
-- No session has the worker's lock.
select is(trustcart.release_dead_deliveries('2026-03-10 12:01+06'), 5, 'taken from a dead worker');
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 2, '2026-03-10 12:02+06')), 2::bigint, 'two are in other hands'
);
update trustcart.campaign_messages
set status = 'cancelled', closed_at = '2026-03-10 12:02+06', close_reason = 'cap: x' where id = 3;

select is(
    trustcart.record_deliveries(
        1, '{1,2,3,4,5}', '{1,1,1,1,1}', '{accepted,permanent,accepted,accepted,permanent}',
        '{p1,null,p3,p4,null}', '{200,400,200,200,400}', '{null,no,null,null,no}', null, '2026-03-10 12:03+06'
    ),
    '{"sent": 3, "retried": 0, "failed": 1, "returned": 0, "ignored": 0}'::jsonb, 'it was alive after all'
);
select results_eq(
    $$ select id, status, provider_message_id, claimed_by, close_reason from trustcart.campaign_messages order by 1 $$,
    $$ values (1::bigint, 'sent', 'p1', null::bigint, null), (2, 'sending', null, 2, null), (3, 'sent', 'p3', null, null),
       (4, 'sent', 'p4', null, null), (5, 'failed', null, null, 'refused: 400: no') $$,
    'accepted is sent, whatever became of it; a failure counts only where nobody tries anew'
);
select results_eq(
    $$ select message_id, outcome from trustcart.campaign_delivery_attempts where attempt = 1 order by 1 $$,
    $$ values (1::bigint, 'accepted'), (2, 'permanent'), (3, 'accepted'), (4, 'accepted'), (5, 'permanent') $$,
    'what it says replaces unknown'
);
select is_empty(
    $$ select * from trustcart.claim_messages('sms', 3, 10, '2026-03-11 12:00+06') $$, 'nothing is sent again'
);
-- The other worker tells later.
select is(
    trustcart.record_deliveries(
        2, '{1,2}', '{2,2}', '{temporary,accepted}', '{null,q2}', '{500,200}', '{null,null}', null, '2026-03-10 12:04+06'
    ),
    '{"sent": 1, "retried": 0, "failed": 0, "returned": 0, "ignored": 0}'::jsonb, 'a failure of what was sent meanwhile'
);
select results_eq(
    $$ select id, status, provider_message_id, sent_at from trustcart.campaign_messages where id < 3 order by 1 $$,
    $$ values (1::bigint, 'sent', 'p1', timestamptz '2026-03-10 12:03+06'),
       (2, 'sent', 'q2', timestamptz '2026-03-10 12:04+06') $$,
    'leaves it sent'
);
select is(
    trustcart.record_deliveries(
        9, '{2}', '{2}', '{permanent}', '{null}', '{400}', '{null}', null, '2026-03-10 12:05+06'
    ) ->> 'ignored', '1', 'another worker''s attempt is not one''s own'
);
select is(
    trustcart.record_deliveries(1, '{}', '{}', '{}', '{}', '{}', '{}') ->> 'sent', '0', 'nothing is nothing'
);
select * from finish();
rollback;
