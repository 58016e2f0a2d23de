begin;
select plan(14);

update trustcart.settings set public_url = 'https://shop.example.com', contacts_per_week = 3;
insert into trustcart.customers (id, first_name, phone) select n, 'C' || n, '0171100000' || n from generate_series(1, 9) as n;
insert into trustcart.marketing_campaigns (
    id, campaign_name, campaign_type, message_template, subject, is_active, start_date, end_date
)
values
(1, 'News', 'sms', 'Hello {{ first_name }}', null, true, null, null),
(2, 'Paused', 'sms', 'x', null, false, null, null),
(3, 'Later', 'sms', 'x', null, true, '2026-03-11', null),
(4, 'Mail', 'email', 'x', 'y', true, null, null),
(5, 'More', 'sms', 'again', null, true, '2026-03-10', '2026-03-10');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before, queued_at)
values
(11, 1, 1, 'sms', '+8801711000001', '2026-03-10 08:00+06', '2026-03-10 08:00+06'),
(12, 1, 2, 'sms', '+8801711000002', '2026-03-10 12:00:01+06', '2026-03-10 08:00+06'),
(13, 2, 3, 'sms', '+8801711000003', '2026-03-10 08:00+06', '2026-03-10 08:00+06'),
(14, 3, 4, 'sms', '+8801711000004', '2026-03-10 08:00+06', '2026-03-10 08:00+06'),
(15, 4, 5, 'email', 'a@example.com', '2026-03-10 08:00+06', '2026-03-10 08:00+06'),
(16, 5, 1, 'sms', '+8801711000001', '2026-03-10 07:00+06', '2026-03-10 08:00+06'),
(17, 5, 6, 'sms', '+8801711000006', '2026-03-10 12:00+06', '2026-03-10 08:00+06');
create temporary table claimed as
select * from trustcart.claim_messages('sms', 7, 10, '2026-03-10 12:00+06');

select results_eq(
    'select message_id, attempt::integer, channel, address, body, campaign_id, customer_id from claimed order by 1',
    $$ values (16::bigint, 1, 'sms', '+8801711000001', 'again', 5::bigint, 1::bigint),
       (17, 1, 'sms', '+8801711000006', 'again', 5, 6) $$,
    'what is due of the channel and its running campaigns, of a customer the message that waits longest'
);
select is(
    (select count(*) from claimed as c inner join trustcart.campaign_messages as m on c.message_id = m.id
     where c.message_key = m.id || '-' || m.token and c.unsubscribe_url = 'https://shop.example.com/u/' || c.message_key),
    2::bigint, 'the key is of the message, and so is the address to unsubscribe at'
);
select results_eq(
    'select id, status, attempts::integer, claimed_by, claimed_at from trustcart.campaign_messages
     where claimed_by is not null order by id',
    $$ values (16::bigint, 'sending', 1, 7::bigint, timestamptz '2026-03-10 12:00+06'),
       (17, 'sending', 1, 7, timestamptz '2026-03-10 12:00+06') $$,
    'they are in the worker''s hands'
);
select results_eq(
    'select message_id, attempt::integer, worker, started_at, finished_at, outcome
     from trustcart.campaign_delivery_attempts order by 1',
    $$ values (16::bigint, 1, 7::bigint, timestamptz '2026-03-10 12:00+06', null::timestamptz, null::text),
       (17, 1, 7, timestamptz '2026-03-10 12:00+06', null, null) $$,
    'the attempt is written before it is made'
);
select results_eq(
    $$ select message_id, body from trustcart.claim_messages('sms', 8, 10, '2026-03-10 12:00+06') $$,
    $$ values (11::bigint, 'Hello C1') $$,
    'a second batch has the customer''s next message, and nothing twice'
);
select is_empty(
    $$ select * from trustcart.claim_messages('sms', 8, 10, '2026-03-10 12:00+06') $$, 'then nothing is left'
);
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 8, 10, '2026-03-10 12:00:01+06') $$,
    $$ values (12::bigint) $$, 'a second later another is due'
);
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 8, 10, '2026-03-11 00:00+06') $$,
    $$ values (14::bigint) $$, 'a campaign begins on the day of the shop'
);
update trustcart.delivery_channels set is_enabled = false where channel = 'email';
select is_empty(
    $$ select * from trustcart.claim_messages('email', 8, 10, '2026-03-10 12:00+06') $$, 'a channel can be switched off'
);
update trustcart.delivery_channels set is_enabled = true where channel = 'email';
select results_eq(
    $$ select message_id, subject from trustcart.claim_messages('email', 8, 10, '2026-03-10 12:00+06') $$,
    $$ values (15::bigint, 'y') $$, 'and on again'
);
select results_eq(
    'select id, status from trustcart.campaign_messages where campaign_id = 2', $$ values (13::bigint, 'queued') $$,
    'what is of a paused campaign waits'
);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select 100 + n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(4, 9) as n;
select results_eq(
    $$ select message_id from trustcart.claim_messages('sms', 9, 2, '2026-03-10 12:00+06') order by 1 $$,
    $$ values (104::bigint), (105) $$, 'as many as asked for'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 9, 500, '2026-03-10 12:00+06')), 4::bigint, 'then the rest'
);
select is(
    (select count(*) from trustcart.campaign_delivery_attempts as a
     full join (select id, attempts from trustcart.campaign_messages where attempts > 0) as m
     on a.message_id = m.id and a.attempt = m.attempts
     where a.message_id is null or m.id is null),
    0::bigint, 'each hand-out has its attempt'
);
select * from finish();
rollback;
