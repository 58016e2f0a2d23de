-- Sending fixes the audience: a message or an exclusion for everybody of the segment, once.
begin;
select plan(24);

insert into trustcart.customers (id, first_name, phone)
values
(1, 'Fine', '01711000001'), (2, 'Refused', '01711000002'), (3, 'No number', 'none'),
(4, 'Poor', '01711000004'), (5, 'Rich', '01711000004'), (6, 'Refused, same number', '01711000006'),
(7, 'Same number', '01711000006'), (8, 'Called', '01711000008'), (9, 'Not interested', '01711000009'),
(11, 'Elder', '01711000011'), (12, 'Younger', '01711000011');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (5, trustcart.business_date() - 5, 900, 'delivered'), (4, trustcart.business_date() - 5, 800, 'delivered');
select trustcart.record_consent(n, 'sms', false, p_recorded_at => now() - interval '1 day') from unnest('{2,6}'::bigint[]) as n;
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
select 8, k, now() - interval '1 day' from unnest(array['call', 'email', 'visit']) as k;
insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, interaction_date)
values (9, 'call', 'not_interested', now() - interval '1 day');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, discount_code)
values (1, 'Eid', 'Hi {{ name }}', 'EID20'), (2, 'Other', 'Hi', null);

create temporary table answer as select trustcart.send_campaign(1) as a;
select is(
    (select a.a from answer as a),
    '{"message": "Campaign sent to 3 customers", "sent_count": 3, "failed_count": 0, "excluded_count": 8, "campaign_id": 1,
    "exclusions": {"no_consent": 3, "no_address": 1, "duplicate_address": 2, "quiet_period": 1, "cap": 1}}'::jsonb,
    'the answer'
);
select results_eq(
    'select m.customer_id, m.channel, m.address, m.status, m.occurrence from trustcart.campaign_messages as m order by 1',
    $$values
    (1::bigint, 'sms', '+8801711000001', 'queued', ''), (5, 'sms', '+8801711000004', 'queued', ''),
    (11, 'sms', '+8801711000011', 'queued', '')$$,
    'the messages: of those at one number the best customer, then the first'
);
select results_eq(
    'select x.customer_id, x.reason, x.detail from trustcart.campaign_exclusions as x order by 1',
    $$values
    (2::bigint, 'no_consent', 'refused sms on ' || ((now() - interval '1 day') at time zone 'Asia/Dhaka')::date),
    (3, 'no_address', 'no address for sms'),
    (4, 'duplicate_address', 'the address goes to customer 5'),
    (6, 'no_consent', 'refused sms on ' || ((now() - interval '1 day') at time zone 'Asia/Dhaka')::date),
    (7, 'no_consent', 'refused by another customer of this address'),
    (8, 'cap', '3 contacts in seven days'),
    (9, 'quiet_period', 'not_interested on ' || ((now() - interval '1 day') at time zone 'Asia/Dhaka')::date
        || ', no messages for 30 days'),
    (12, 'duplicate_address', 'the address goes to customer 11')$$,
    'the rest, with reasons'
);
select is(
    (select (m.sent_count, m.frozen_at is not null)::text from trustcart.marketing_campaigns as m where m.id = 1), '(0,t)',
    'fixed; nothing is accepted yet'
);
select is(
    (select e.payload from trustcart.events as e where e.event_type = 'campaign_sent'),
    '{"campaign_id": 1, "campaign_name": "Eid", "channel": "sms", "queued": 3, "excluded": 8}'::jsonb, 'others are told'
);
insert into trustcart.customers (id, phone) values (20, '01711000020');
select is(
    trustcart.send_campaign(1) - 'exclusions',
    '{"message": "Campaign was already sent to 3 customers", "sent_count": 0, "failed_count": 0, "excluded_count": 0,
    "already_sent": 3, "campaign_id": 1}'::jsonb, 'a second time adds nobody'
);
select is((select count(*) from trustcart.campaign_messages), 3::bigint, 'not a new customer either');

select throws_ok('select trustcart.send_campaign(99)', 'TC004', 'there is no campaign 99', 'unknown');
select throws_ok('select trustcart.send_campaign(null)', 'TC003', 'campaignId is required', 'none');
update trustcart.marketing_campaigns set is_active = false where id = 2;
select throws_ok('select trustcart.send_campaign(2)', 'TC110', 'campaign 2 (Other) is not active', 'inactive');
update trustcart.marketing_campaigns
set is_active = true, start_date = trustcart.business_date() - 9, end_date = trustcart.business_date() - 1 where id = 2;
select throws_like('select trustcart.send_campaign(2)', 'campaign 2 (Other) ended on %', 'ended');
update trustcart.marketing_campaigns set end_date = null, message_template = ' ' where id = 2;
select throws_ok('select trustcart.send_campaign(2)', 'TC110', 'campaign 2 (Other) has no message', 'no message');
select is((select count(*) from trustcart.campaign_exclusions as x where x.campaign_id = 2), 0::bigint, 'nothing was written');

-- Before its start the audience is fixed now; the messages wait.
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, start_date)
values (3, 'Later', 'Hi', trustcart.business_date() + 30);
select is((trustcart.send_campaign(3) ->> 'sent_count')::integer, 6, 'contacts and pauses of now are over by then');
select is(
    (select distinct m.not_before from trustcart.campaign_messages as m where m.campaign_id = 3),
    (trustcart.business_date() + 30)::timestamp at time zone 'Asia/Dhaka', 'from the beginning of the day'
);

-- A/B and holdout, drawn for good.
insert into trustcart.customers (id, phone) select g, '018' || lpad(g::text, 8, '0') from generate_series(1001, 2000) as g;
insert into trustcart.marketing_campaigns (id, campaign_name, holdout_percentage) values (4, 'Test', 20);
insert into trustcart.campaign_variants (campaign_id, variant, weight, message_template) values (4, 'A', 3, 'a'), (4, 'B', 1, 'b');
select cmp_ok((trustcart.send_campaign(4) ->> 'sent_count')::integer, '>', 700, 'sent');
select set_eq(
    $$select x.customer_id from trustcart.campaign_exclusions as x where x.campaign_id = 4 and x.reason = 'holdout'$$,
    $$select c.id from trustcart.customers as c
    where c.id > 1000 and trustcart_private.stable_fraction('holdout:4:' || c.id) < 0.2
    union all
    select c.id from trustcart.customers as c
    where c.id in (1, 5, 11, 20) and trustcart_private.stable_fraction('holdout:4:' || c.id) < 0.2$$,
    'the holdout'
);
select set_eq(
    $$select m.customer_id from trustcart.campaign_messages as m where m.campaign_id = 4 and m.variant = 'A'$$,
    $$select m.customer_id from trustcart.campaign_messages as m
    where m.campaign_id = 4 and trustcart_private.stable_fraction('variant:4:' || m.customer_id) < 0.75$$,
    'three of four get A'
);
select ok(
    (select count(*) filter (where m.variant = 'B') between 130 and 270 from trustcart.campaign_messages as m where m.campaign_id = 4),
    'and one B'
);

-- An empty segment, and one of nobody who may be written to.
insert into trustcart.marketing_campaigns (id, campaign_name, target_segment, message_template) values (5, 'Vips', 'vip', 'Hi');
select is(trustcart.send_campaign(5) ->> 'message', 'Campaign sent to 0 customers', 'nobody');
select is(trustcart.send_campaign(5) ->> 'message', 'Campaign was already sent to 0 customers', 'once');
select throws_like(
    'delete from trustcart.marketing_campaigns where id = 1', '%violates%foreign key%campaign_messages%', 'a sent campaign stays'
);

-- The address of an event campaign that did not begin.
insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template, start_date)
values (6, 'Birthdays', 'birthday', 'Hi', trustcart.business_date() + 1);
select throws_like('select trustcart.send_campaign(6)', 'campaign 6 (Birthdays) begins on %', 'an event campaign before its start');
select is((select count(*) from trustcart.campaign_messages as m where m.campaign_id = 6), 0::bigint, 'sends nothing');

select * from finish();
rollback;
