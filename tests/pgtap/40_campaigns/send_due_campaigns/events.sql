-- The daily job: scheduled campaigns once, and each event once.
begin;
select plan(24);

update trustcart.settings set contacts_per_week = 1;
insert into trustcart.customers (id, first_name, phone, date_of_birth)
values
(1, 'Soon', '01711000001', trustcart.business_date() + 7 - interval '30 years'),
(2, 'Later', '01711000002', trustcart.business_date() + 8 - interval '30 years'),
(3, 'Child', '01711000003', null), (4, 'Capped', '01711000004', trustcart.business_date() - interval '20 years'),
(5, 'Refused', '01711000005', trustcart.business_date() - interval '20 years'), (6, 'Nothing', '01711000006', null);
update trustcart.customers set date_of_birth = '1990-01-01' where id in (3, 6)
and extract(doy from trustcart.business_date()) between 20 and 340;
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth)
values (31, 3, 'Ali', 'child', trustcart.business_date() + 2 - interval '5 years');
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
values (4, 'call', now() - interval '1 day');
select trustcart.record_consent(5, 'sms', false, p_recorded_at => now() - interval '1 day');
insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template)
values (1, 'Birthdays', 'birthday', 'Happy birthday {{ event_name }}');
create temporary table answer as select trustcart.send_due_campaigns() as a;

select results_eq(
    'select m.customer_id, m.occurrence, m.facts - ''event_date'' from trustcart.campaign_messages as m order by 1',
    $$values
    (1::bigint, 'birthday ' || (trustcart.business_date() + 7), '{"event_name": "Soon"}'::jsonb),
    (3, 'family_birthday ' || (trustcart.business_date() + 2) || ' 31', '{"event_name": "Ali", "family_member_id": 31}')$$,
    'birthdays of customers and families within the notice'
);
select results_eq(
    'select x.customer_id, x.reason from trustcart.campaign_exclusions as x order by 1',
    $$values (4::bigint, 'cap'), (5, 'no_consent')$$, 'exclusions by occurrence'
);
select is((select a.a ->> 'sent_count' from answer as a), '2', 'counted');
select is((select a.a -> 'failures' from answer as a), '[]', 'nothing failed');
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '0', 'each once');
select is(
    (select count(*) from trustcart.campaign_messages) + (select count(*) from trustcart.campaign_exclusions), 4::bigint,
    'nothing more is written'
);
-- The cap leaves room.
update trustcart.settings set contacts_per_week = 5;
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '1', 'who was over the cap is tried again while it is due');
select results_eq(
    'select x.customer_id from trustcart.campaign_exclusions as x', '{5}'::bigint[], 'and no exclusion any more; a refusal stays'
);
select is((trustcart.send_due_campaigns(trustcart.business_date() + 1) ->> 'sent_count'), '1', 'tomorrow the next');
select ok((select m.frozen_at is not null from trustcart.marketing_campaigns as m), 'the campaign counts as sent');
update trustcart.marketing_campaigns set message_template = 'Better' where id = 1;
update trustcart.marketing_campaigns set is_active = false where id = 1;
select is((trustcart.send_due_campaigns(trustcart.business_date() + 300) -> 'campaigns'), '[]', 'inactive: nothing');

-- At risk: those whose stage became so since the campaign began, once in each silence.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 60, 100, 'delivered'), (2, trustcart.business_date() - 80, 100, 'delivered');
-- The second fell silent before the campaign began.
update trustcart.customer_state_changes set business_date = business_date - 20 where customer_id = 2;
insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template, start_date)
values (2, 'Come back', 'at_risk', 'We miss you since {{ event_date }}', trustcart.business_date());
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '1', 'whoever fell silent on the day');
select is(
    (select m.customer_id || ' ' || m.occurrence from trustcart.campaign_messages as m where m.campaign_id = 2),
    '1 at_risk ' || (trustcart.business_date() - 60), 'by the silence'
);
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '0', 'once');

-- Carts.
insert into trustcart.carts (id, customer_id, total_amount, created_at, last_active_at, abandoned_at, recovered_on, order_id)
values
(1, 6, 1250.50, now() - interval '3 days', now() - interval '3 days', now() - interval '1 hour', null, null),
(2, 6, 100, now() - interval '30 days', now() - interval '30 days', now() - interval '29 days', null, null),
(3, 3, 100, now() - interval '3 days', now() - interval '3 days', now() - interval '1 hour', trustcart.business_date(), null),
(4, 4, 100, now() - interval '3 days', now() - interval '3 days', now() - interval '1 hour', null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (4, trustcart.business_date(), 100, 'pending');
insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template, start_date)
values (3, 'Cart', 'cart_abandoned', 'Your cart: {{ cart_total }} taka', trustcart.business_date() - 2);
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '1', 'a cart abandoned since the start and not recovered');
select is(
    (
        select m.occurrence || ': ' || r.body
        from trustcart.campaign_messages as m
        cross join lateral trustcart_private.render_message(array[m.id]) as r
        where m.campaign_id = 3
    ),
    'cart 1: Your cart: 1250.50 taka', 'with its total'
);
select is((trustcart.send_due_campaigns() ->> 'sent_count'), '0', 'once');

-- Scheduled ones.
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, is_scheduled, start_date, end_date)
values
(10, 'Today', 'Hi', true, trustcart.business_date(), null),
(11, 'Tomorrow', 'Hi', true, trustcart.business_date() + 1, null),
(12, 'Missed', 'Hi', true, trustcart.business_date() - 3, null),
(13, 'Over', 'Hi', true, trustcart.business_date() - 3, trustcart.business_date() - 1),
(14, 'By hand', 'Hi', false, trustcart.business_date(), null),
(9, 'Broken', null, true, trustcart.business_date(), null);
set local client_min_messages = error;
truncate answer;
insert into answer select trustcart.send_due_campaigns();
select set_eq(
    'select m.id from trustcart.marketing_campaigns as m where m.frozen_at is not null and m.id > 4', '{10,12}'::bigint[],
    'scheduled campaigns from their start on, until their end'
);
select is(
    (select a.a -> 'failures' from answer as a),
    '[{"campaign_id": 9, "sqlstate": "TC110", "message": "campaign 9 (Broken) has no message"}]'::jsonb,
    'one that fails stops no other'
);
select is((trustcart.send_due_campaigns() -> 'campaigns' @> '[{"campaign_id": 10}]'), false, 'once');

-- Two birthdays in one house: the cap has a place for one.
update trustcart.marketing_campaigns set is_active = false where trigger_event is not null or is_scheduled;
update trustcart.settings set contacts_per_week = 1;
insert into trustcart.customers (id, phone) values (50, '01711000050');
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth)
select 500 + n, 50, 'Twin ' || n, 'child', trustcart.business_date() + 1 - interval '5 years' from generate_series(1, 2) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template, notice_days)
values (20, 'Twins', 'birthday', 'Hi {{ event_name }}', 2);
select trustcart.send_due_campaigns();
select results_eq(
    'select m.customer_id, m.facts ->> ''event_name'' from trustcart.campaign_messages as m where m.campaign_id = 20 and m.customer_id = 50',
    $$values (50::bigint, 'Twin 1')$$, 'one message'
);
select is(
    (select x.detail from trustcart.campaign_exclusions as x where x.campaign_id = 20 and x.customer_id = 50),
    '1 contacts in seven days', 'the other over the cap'
);
select throws_ok($$select trustcart.send_due_campaigns('infinity')$$, 'TC001', null, 'no date');
select ok(
    exists (select from trustcart.job_schedules as j where j.job_name = 'send_due_campaigns' and j.is_enabled), 'a daily job'
);

select * from finish();
rollback;
