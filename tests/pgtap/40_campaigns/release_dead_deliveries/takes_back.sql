begin;
select plan(9);

update trustcart.settings set contacts_per_week = 1000;
insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 4) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 4) as n;
create temporary table alive as select trustcart.start_delivery_worker() as worker;
create temporary table keys as
select * from trustcart.claim_messages('sms', (select worker from alive), 2, '2026-03-10 12:00+06')
union all
select * from trustcart.claim_messages('sms', (select worker + 1 from alive), 2, '2026-03-10 12:10+06');
select is((select count(*) from keys), 4::bigint, 'two workers, of which one is gone');

select is(trustcart.release_dead_deliveries('2026-03-10 12:12+06'), 2, 'its messages come back');
select results_eq(
    $$ select id, status, attempts::integer, not_before from trustcart.campaign_messages where id > 2 order by 1 $$,
    $$ select n, 'queued', 1, timestamptz '2026-03-10 12:12+06' from generate_series(3::bigint, 4) as n $$,
    'into the queue'
);
select results_eq(
    $$ select message_id, outcome, finished_at from trustcart.campaign_delivery_attempts order by 1 $$,
    $$ values (1::bigint, null, null), (2, null, null), (3, 'unknown', timestamptz '2026-03-10 12:12+06'),
       (4, 'unknown', timestamptz '2026-03-10 12:12+06') $$,
    'what became of the attempt is not known'
);
select is(trustcart.release_dead_deliveries('2026-03-10 12:15+06'), 0, 'who is alive keeps its messages');
select results_eq(
    $$ select c.message_id, c.attempt::integer, c.message_key
       from trustcart.claim_messages('sms', (select worker from alive), 10, '2026-03-10 12:15+06') as c order by 1 $$,
    $$ select message_id, 2, message_key from keys where message_id > 2 order by 1 $$,
    'they go out again under the key they had'
);
select is(trustcart.release_dead_deliveries('2026-03-10 12:15:01+06'), 2, 'who is silent for 15 minutes does not');

-- A message that takes every worker along.
update trustcart.delivery_channels set max_attempts = 1 where channel = 'sms';
update trustcart.campaign_messages set attempts = 10 where id = 1;
select is(
    (select count(*) from trustcart.claim_messages('sms', 999999, 1, '2026-03-10 13:00+06') where message_id = 1),
    1::bigint, 'handed out for the eleventh time'
);
select trustcart.release_dead_deliveries('2026-03-10 13:01+06');
select results_eq(
    $$ select status, close_reason from trustcart.campaign_messages where id = 1 $$,
    $$ values ('failed', 'gave up: 11 attempts, the last of them never told') $$, 'it ends as well'
);
select * from finish();
rollback;
