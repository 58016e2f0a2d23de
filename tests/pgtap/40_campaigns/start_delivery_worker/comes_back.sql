begin;
select plan(8);

update trustcart.settings set contacts_per_week = 1000;
insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 3) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 3) as n;
create temporary table started as select trustcart.start_delivery_worker() as worker;
select ok((select worker > 0 from started), 'a number');
select isnt(trustcart.start_delivery_worker(), (select worker from started), 'for each its own');
select is(
    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
     and objid = (select worker from started)::integer::oid and objsubid = 2),
    1::bigint, 'the session has its lock'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', (select worker from started), 10, '2026-03-10 12:00+06')),
    3::bigint, 'in hand'
);
select is(
    trustcart.start_delivery_worker((select worker from started), '{2}'), (select worker from started),
    'it comes back under the same number, and knows of one'
);
select results_eq(
    $$ select id, status, attempts::integer from trustcart.campaign_messages order by 1 $$,
    $$ values (1::bigint, 'queued', 0), (2, 'sending', 1), (3, 'queued', 0) $$,
    'those that it never heard of are queued as before'
);
select throws_ok($$ select trustcart.start_delivery_worker(2147483648) $$, 'TC005', null, 'no number of a worker');
select throws_ok($$ select trustcart.start_delivery_worker(0) $$, 'TC005', null, 'neither is 0');
select * from finish();
rollback;
