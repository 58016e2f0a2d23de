begin;
select plan(12);

insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 4) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, is_active, start_date, end_date)
values (1, 'News', 'x', true, null, null), (2, 'Paused', 'x', false, null, null),
(3, 'Later', 'x', true, '2026-03-12', null), (4, 'Over', 'x', false, null, '2026-03-09');
select is(
    (select due_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), null, 'nothing is queued'
);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (2, 2, 2, 'sms', 'x2', '2026-03-10 08:00+06');
select is(
    (select due_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), null, 'the campaign is paused'
);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (3, 3, 3, 'sms', 'x3', '2026-03-10 08:00+06');
select results_eq(
    $$ select due_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06') $$,
    $$ values (timestamptz '2026-03-12 00:00+06') $$, 'its day will come'
);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (1, 1, 1, 'sms', 'x1', '2026-03-10 14:00+06'), (11, 1, 2, 'sms', 'x11', '2026-03-10 15:00+06');
select results_eq(
    $$ select due_at, free_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06') $$,
    $$ values (timestamptz '2026-03-10 14:00+06', timestamptz '2026-03-10 12:00+06') $$, 'the earliest; no limit'
);
select is(
    (select due_at from trustcart.next_delivery('email', '2026-03-10 12:00+06')), null, 'of its channel'
);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
values (4, 4, 4, 'sms', 'x4', '2026-03-08 08:00+06');
select results_eq(
    $$ select due_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06') $$,
    $$ values (timestamptz '2026-03-08 08:00+06') $$, 'what has to be closed is due'
);
update trustcart.delivery_channels
set per_second = 1, burst = 10, tokens = 0.5, refilled_at = '2026-03-10 12:00+06' where channel = 'sms';
select is(
    (select free_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), timestamptz '2026-03-10 12:00:00.5+06',
    'half a message is there'
);
update trustcart.delivery_channels set per_second = 100, burst = 1000, tokens = 0 where channel = 'sms';
select is(
    (select free_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), timestamptz '2026-03-10 12:00:00.25+06',
    'where many go out, some together'
);
select is(
    (select free_at from trustcart.next_delivery('sms', '2026-03-10 12:01+06')), timestamptz '2026-03-10 12:01+06',
    'never in the past'
);
update trustcart.delivery_channels set is_enabled = false where channel = 'sms';
select is(
    (select due_at from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), null, 'switched off'
);
select ok(
    (select not is_in_hand from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), 'nobody has any in hand'
);
update trustcart.campaign_messages set status = 'sending', claimed_by = 1, claimed_at = now() where id = 1;
select ok((select is_in_hand from trustcart.next_delivery('sms', '2026-03-10 12:00+06')), 'now somebody does');
select * from finish();
rollback;
