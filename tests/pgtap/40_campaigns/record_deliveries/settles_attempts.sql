begin;
select plan(17);

update trustcart.settings set contacts_per_week = 1000;
insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 6) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 6) as n;
update trustcart.delivery_channels set max_attempts = 3, retry_after = '1 minute' where channel = 'sms';
select is(
    (select count(*) from trustcart.claim_messages('sms', 1, 10, '2026-03-10 12:00+06')), 6::bigint, 'in hand'
);

select is(
    trustcart.record_deliveries(
        1, '{1,2,3,4,5}', '{1,1,1,1,1}', '{accepted,temporary,permanent,unsent,temporary}',
        '{p-1,null,null,null,null}', '{200,500,400,null,429}', '{null,"it broke","no such number",null,null}',
        '{null,null,null,null,600}', '2026-03-10 12:00:10+06'
    ),
    '{"sent": 1, "retried": 2, "failed": 1, "returned": 1, "ignored": 0}'::jsonb, 'each in its way'
);
select results_eq(
    $$ select status, sent_at, provider_message_id, claimed_by from trustcart.campaign_messages where id = 1 $$,
    $$ values ('sent', timestamptz '2026-03-10 12:00:10+06', 'p-1', null::bigint) $$, 'accepted: sent'
);
select results_eq(
    $$ select status, attempts::integer, not_before between '2026-03-10 12:01:10+06' and '2026-03-10 12:01:16+06'
       from trustcart.campaign_messages where id = 2 $$,
    $$ values ('queued', 1, true) $$, 'temporary: again after a minute and up to a tenth more'
);
select results_eq(
    $$ select status, close_reason, closed_at from trustcart.campaign_messages where id = 3 $$,
    $$ values ('failed', 'refused: 400: no such number', timestamptz '2026-03-10 12:00:10+06') $$, 'permanent: failed'
);
select results_eq(
    $$ select status, attempts::integer, not_before from trustcart.campaign_messages where id = 4 $$,
    $$ values ('queued', 0, timestamptz '2026-03-10 08:00+06') $$, 'not tried: as before'
);
select results_eq(
    $$ select status, not_before from trustcart.campaign_messages where id = 5 $$,
    $$ values ('queued', timestamptz '2026-03-10 12:10:10+06') $$, 'the provider''s own wait, where it is longer'
);
select results_eq(
    $$ select message_id, outcome, provider_status, error, finished_at from trustcart.campaign_delivery_attempts
       order by 1 $$,
    $$ values (1::bigint, 'accepted', '200', null, timestamptz '2026-03-10 12:00:10+06'),
       (2, 'temporary', '500', 'it broke', timestamptz '2026-03-10 12:00:10+06'),
       (3, 'permanent', '400', 'no such number', timestamptz '2026-03-10 12:00:10+06'),
       (5, 'temporary', '429', null, timestamptz '2026-03-10 12:00:10+06'), (6, null, null, null, null) $$,
    'the attempts say so; one that was none is gone'
);
create temporary table before as select * from trustcart.campaign_messages;
select is(
    trustcart.record_deliveries(
        1, '{1,2,3,4,5}', '{1,1,1,1,1}', '{permanent,accepted,accepted,unsent,permanent}',
        '{x,x,x,null,null}', '{1,1,1,1,1}', '{a,a,a,a,a}', null, '2026-03-10 12:00:20+06'
    ) ->> 'ignored',
    '5', 'recorded again, whatever it says'
);
select set_eq('select * from trustcart.campaign_messages', 'select * from before', 'nothing changes');

-- Until it gives up.
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 10, '2026-03-10 12:02+06') where message_id = 2), 1::bigint,
    'a second attempt'
);
select is(
    trustcart.record_deliveries(
        2, '{2}', '{2}', '{temporary}', '{null}', '{500}', '{null}', null, '2026-03-10 12:02+06'
    ) ->> 'retried', '1', 'fails'
);
select ok(
    (select not_before between '2026-03-10 12:04+06' and '2026-03-10 12:04:12+06'
     from trustcart.campaign_messages where id = 2),
    'now it waits twice as long'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 10, '2026-03-10 12:05+06') where message_id = 2), 1::bigint,
    'a third'
);
select is(
    trustcart.record_deliveries(
        2, '{2}', '{3}', '{temporary}', '{null}', '{timeout}', '{"no answer"}', null, '2026-03-10 12:05+06'
    ) ->> 'failed', '1', 'fails too'
);
select results_eq(
    $$ select status, close_reason, attempts::integer from trustcart.campaign_messages where id = 2 $$,
    $$ values ('failed', 'gave up: 3 attempts: timeout: no answer', 3) $$, 'and was the last'
);
select is(
    (select count(*) from trustcart.campaign_delivery_attempts where message_id = 2), 3::bigint, 'all are written down'
);
select * from finish();
rollback;
