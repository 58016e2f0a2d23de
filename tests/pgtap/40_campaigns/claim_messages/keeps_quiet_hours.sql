begin;
select plan(5);

update trustcart.settings set quiet_from = '22:00', quiet_until = '08:00';
insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 3) as n;
-- London is six hours behind Dhaka in March.
insert into trustcart.customer_contact_preferences (customer_id, time_zone) values (2, 'Europe/London'), (3, null);
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 3) as n;

select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-10 23:00+06') $$, $$ values (2::bigint) $$,
    'at 23:00 in Dhaka, only who lives where it is 17:00'
);
select results_eq(
    $$ select id, not_before, status from trustcart.campaign_messages where id <> 2 order by id $$,
    $$ select n, timestamptz '2026-03-11 08:00+06', 'queued' from unnest('{1,3}'::bigint[]) as n $$,
    'the others wait for their morning'
);
update trustcart.campaign_messages
set status = 'queued', claimed_by = null, claimed_at = null, not_before = '2026-03-11 05:00+06' where id = 2;
select is_empty(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-11 06:00+06') $$,
    'at midnight in London, nobody'
);
select is(
    (select not_before from trustcart.campaign_messages where id = 2), timestamptz '2026-03-11 08:00+00',
    'whose morning is six hours later'
);
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 1, 10, '2026-03-11 08:00+06') order by 1 $$,
    $$ values (1::bigint), (3) $$, 'at 08:00 they go out'
);
select * from finish();
rollback;
