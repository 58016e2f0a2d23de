begin;
select plan(8);

update trustcart.settings set contacts_per_week = 2, marketing_quiet_days = 0;
insert into trustcart.customers (id, first_name, phone, is_active)
select n, 'C' || n, '0171100000' || n, n <> 3 from generate_series(1, 6) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, message_template, end_date)
values (1, 'Over', 'sms', 'x', '2026-03-09'), (2, 'News', 'sms', 'x', '2026-03-10'), (3, 'More', 'sms', 'x', null),
(4, 'Most', 'sms', 'x', null);
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, source)
values (2, 'sms', false, '2026-03-10 11:59+06', 'test');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select 10 * c + n, c, n, 'sms', c || 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 2) as c cross join generate_series(1, 4) as n;

select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-10 12:00+06') order by 1 $$,
    $$ values (21::bigint), (24) $$, 'only those who may be written to'
);
select results_eq(
    $$ select id, status, close_reason, closed_at from trustcart.campaign_messages where campaign_id = 1 order by 1 $$,
    $$ select 10 + n, 'expired', 'expired: campaign ended on 2026-03-09', timestamptz '2026-03-10 12:00+06'
       from generate_series(1::bigint, 4) as n $$,
    'messages of a campaign that ended expire'
);
select results_eq(
    $$ select id, close_reason from trustcart.campaign_messages where status = 'cancelled' order by 1 $$,
    $$ values (22::bigint, 'no_consent: refused sms on 2026-03-10'), (23, 'no_consent: customer inactive') $$,
    'those no longer allowed are cancelled, with the reason'
);
select is(
    (select count(*) from trustcart.campaign_delivery_attempts where message_id not in (21, 24)), 0::bigint,
    'nothing was tried of them'
);

-- Two may be written in a week: what is being sent counts, what is only queued does not.
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (31, 3, 1, 'sms', 'y1', '2026-03-10 08:00+06'), (41, 4, 1, 'sms', 'z1', '2026-03-10 08:00+06');
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-10 12:00+06') $$,
    $$ values (31::bigint) $$, 'the second message of the customer goes out'
);
select is_empty(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-10 12:00+06') $$, 'the third does not'
);
select matches(
    (select close_reason from trustcart.campaign_messages where id = 41 and status = 'cancelled'), '^cap: ',
    'for the cap'
);
update trustcart.marketing_campaigns set end_date = '2026-03-12' where id = 1;
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (15, 1, 5, 'sms', 'w5', '2026-03-10 08:00+06');
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-12 23:59+06') $$,
    $$ values (15::bigint) $$, 'the last day counts to its end'
);
select * from finish();
rollback;
