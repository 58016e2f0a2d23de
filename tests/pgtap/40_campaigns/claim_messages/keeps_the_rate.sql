begin;
select plan(8);

insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 30) as n;
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, source)
values (1, 'sms', false, '2026-03-10 08:00+06', 'test');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'News', 'x');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select n, 1, n, 'sms', 'x' || n, '2026-03-10 08:00+06'
from generate_series(1, 30) as n;
update trustcart.delivery_channels
set per_second = 2, burst = 5, tokens = 0, refilled_at = '2026-03-10 08:00+06' where channel = 'sms';

select is(
    (select count(*) from trustcart.claim_messages('sms', 1, 20, '2026-03-10 09:00+06')), 4::bigint,
    'after a long pause what the bucket holds; one of the five was refused'
);
select results_eq(
    $$ select tokens, refilled_at from trustcart.delivery_channels where channel = 'sms' $$,
    $$ values (1.000, timestamptz '2026-03-10 09:00+06') $$, 'only what is handed out uses it up'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 20, '2026-03-10 09:00+06')), 1::bigint,
    'another worker gets what is left'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 20, '2026-03-10 09:00:00.4+06')), 0::bigint,
    'then nobody, until there is a whole one'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 20, '2026-03-10 09:00:01.5+06')), 3::bigint,
    'a second and a half are three messages'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 20, '2026-03-10 08:30+06')), 0::bigint,
    'a clock that goes back gives none'
);
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 1, '2026-03-10 10:00+06')), 1::bigint,
    'no more than asked for'
);
update trustcart.delivery_channels set per_second = null where channel = 'sms';
select is(
    (select count(*) from trustcart.claim_messages('sms', 2, 100, '2026-03-10 10:00+06')), 20::bigint,
    'without a rate everything'
);
select * from finish();
rollback;
