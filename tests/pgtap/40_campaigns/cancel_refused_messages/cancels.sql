-- However a consent is withdrawn, what is queued for the channel goes.
begin;
select plan(4);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 4) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, occurrence)
values
(900001, 900001, 900001, 'sms', 'a', ''), (900002, 900001, 900001, 'email', 'b', 'x'), (900003, 900001, 900002, 'sms', 'c', ''),
(900004, 900001, 900003, 'sms', 'd', ''), (900005, 900001, 900004, 'sms', 'e', '');
update trustcart.campaign_messages set status = 'sending', claimed_by = 1, claimed_at = now() where id = 900004;
create temporary view states as
select m.id, m.status from trustcart.campaign_messages as m order by m.id;

select trustcart.record_consent(900001, 'sms', false);
select results_eq(
    'select * from states',
    $$values (900001::bigint, 'cancelled'), (900002, 'queued'), (900003, 'queued'), (900004, 'sending'), (900005, 'queued')$$,
    'of this channel and customer'
);
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values
(900002, 'call', false, now()), (900002, 'sms', true, '2026-01-02'), (900002, 'sms', false, '2026-01-01'),
(900003, 'sms', false, now()), (900004, 'sms', false, now() + interval '1 day');
select results_eq(
    'select * from states',
    $$values (900001::bigint, 'cancelled'), (900002, 'queued'), (900003, 'queued'), (900004, 'sending'), (900005, 'queued')$$,
    'not by a refusal of calls, one that was overtaken, or one of tomorrow; what a worker has goes out'
);
insert into trustcart.customer_consents (customer_id, channel, granted)
select c.id, 'sms', false from trustcart.customers as c;
select results_eq(
    'select * from states',
    $$values (900001::bigint, 'cancelled'), (900002, 'queued'), (900003, 'cancelled'), (900004, 'sending'), (900005, 'cancelled')$$,
    'of many at once'
);
select is(
    (select distinct m.close_reason from trustcart.campaign_messages as m where m.status = 'cancelled'),
    'no_consent: withdrawn before its turn came', 'with the reason'
);

select * from finish();
rollback;
