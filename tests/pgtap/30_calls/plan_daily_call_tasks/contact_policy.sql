-- Whom the plan leaves alone, as of the day: refusals, the weekly cap over all channels, pauses, wrong numbers.
begin;
select plan(23);

insert into trustcart.customers (id, first_name, phone)
select g.n, 'Customer ' || g.n, '0171100000' || g.n % 10 from generate_series(1, 9) as g (n);
insert into trustcart.customers (id, first_name) values (20, 'Another');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, '2025-04-10', 500, 'delivered' from trustcart.customers as c;

-- do not call: as of the day, the latest word counts
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values
(1, 'call', false, '2025-06-17 23:59+06'),
(2, 'call', false, '2025-06-18 00:00+06'),
(3, 'call', false, '2025-06-10 10:00+06'), (3, 'call', true, '2025-06-11 10:00+06'),
(4, 'sms', false, '2025-06-10 10:00+06'),
(5, 'call', true, '2025-06-10 10:00+06'), (5, 'call', false, '2025-06-11 10:00+06');
select results_eq(
    $$select p.customer_id, p.why, p.task_type, p.agent_id from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'dropped' order by 1$$,
    $$values (1::bigint, 'do not call', 'at_risk', null::bigint), (5, 'do not call', 'at_risk', null)$$,
    'who said so before the day; later, taken back or for another channel does not count'
);
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-19') as p
        where p.decision = 'dropped'
    ),
    array[1, 2, 5]::bigint [],
    'said on the day it holds from the next'
);
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-11') as p where p.decision = 'dropped'),
    1::bigint,
    'the plan of a past day knows what was said by then'
);

-- the cap over all channels: 3 in seven days, a channel counts once a day, inbound contacts do not count
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(6, 'sms', 'outbound', '2025-06-12 00:00+06'), (6, 'email', 'outbound', '2025-06-13 10:00+06'),
(6, 'whatsapp', 'outbound', '2025-06-17 23:59+06'),
(7, 'sms', 'outbound', '2025-06-11 23:59+06'), (7, 'email', 'outbound', '2025-06-13 10:00+06'),
(7, 'whatsapp', 'outbound', '2025-06-17 10:00+06'),
(8, 'sms', 'outbound', '2025-06-17 10:00+06'), (8, 'sms', 'outbound', '2025-06-17 11:00+06'),
(8, 'email', 'outbound', '2025-06-17 11:00+06'), (8, 'whatsapp', 'inbound', '2025-06-16 11:00+06'),
(9, 'visit', 'outbound', '2025-06-15 10:00+06'), (9, 'visit', 'outbound', '2025-06-16 10:00+06'),
(9, 'email', 'outbound', '2025-06-18 11:00+06');
select results_eq(
    $$select p.customer_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'dropped' and p.customer_id between 6 and 9$$,
    $$values (6::bigint, 'contacted 3 times in seven days')$$,
    'three contacts in the seven days that end with the day'
);
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-19') as p
        where p.decision = 'dropped' and p.customer_id between 6 and 9
    ),
    array[9]::bigint [],
    'the oldest of them passes out of the week, a new one comes in'
);
update trustcart.settings set contacts_per_week = 2;
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.decision = 'dropped' and p.customer_id between 6 and 9
    ),
    array[6, 7, 8, 9]::bigint [],
    'how many is a matter of settings; two channels of one day are two'
);
update trustcart.settings set contacts_per_week = 1000;
-- calls and attempts count as well, once a day
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values
(20, '2025-06-15 10:00+06', 'no_answer'), (20, '2025-06-15 15:00+06', 'no_answer');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(20, 'call', 'outbound', '2025-06-15 15:00+06'), (20, 'email', 'outbound', '2025-06-14 15:00+06');
update trustcart.settings set contacts_per_week = 2;
update trustcart.call_task_types set min_gap_days = 1 where task_type = 'at_risk';
select is(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 20),
    'contacted 2 times in seven days',
    'calls count with the rest'
);
update trustcart.settings set contacts_per_week = 3;
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 20),
    'kept',
    'a call tried three times on one day is one contact'
);
update trustcart.settings set contacts_per_week = 1000;

-- not_interested: no calls for 30 days, until they come back of themselves
delete from trustcart.customer_interactions;
delete from trustcart.crm_call_attempts;
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome, interaction_date)
values
(4, 'call', 'outbound', 'not_interested', '2025-05-20 10:00+06'),
(6, 'call', 'outbound', 'not_interested', '2025-05-19 10:00+06'),
(7, 'call', 'outbound', 'not_interested - has another shop', '2025-06-16 10:00+06'),
(7, 'whatsapp', 'inbound', null, '2025-06-16 11:00+06'),
(8, 'call', 'outbound', 'not_interested', '2025-06-16 10:00+06'),
(8, 'whatsapp', 'inbound', null, '2025-06-16 09:00+06'),
(9, 'call', 'outbound', 'not_interested', '2025-06-16 10:00+06'),
(9, 'sms', 'outbound', null, '2025-06-16 11:00+06'),
(20, 'call', 'outbound', 'not_interested', '2025-06-18 00:00+06');
select results_eq(
    $$select p.customer_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (4, 6, 7, 8, 9, 20) and p.why like '%not_interested%' order by 1$$,
    $$values (4::bigint, 'not_interested on 2025-05-20, no calls for 30 days'),
    (8, 'not_interested on 2025-06-16, no calls for 30 days'), (9, 'not_interested on 2025-06-16, no calls for 30 days')$$,
    'the pause is 30 days from the day; a contact of theirs afterwards ends it, one of ours does not'
);
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-19') as p where p.customer_id = 4),
    'kept',
    'then it is over'
);
update trustcart.call_outcomes set pause_days = 2 where outcome = 'not_interested';
select is(
    (
        select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.why like '%not_interested%'
    ),
    null,
    'how long is a matter of call_outcomes'
);
-- a pause goes before whatever was asked for, and another outcome can pause too
insert into trustcart.call_outcomes (outcome, next_step, pause_days, description) values ('on_holiday', 'pause', 14, 'Away');
insert into trustcart.customer_interactions
    (customer_id, interaction_type, direction, outcome, interaction_date, follow_up_date)
values (6, 'call', 'outbound', 'on_holiday', '2025-06-10 10:00+06', '2025-06-18');
select results_eq(
    $$select p.decision, p.task_type, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 6$$,
    $$values ('dropped', 'follow_up', 'on_holiday on 2025-06-10, no calls for 14 days')$$,
    'any outcome that pauses'
);

-- wrong numbers: a flag is of the number, not of the customer
delete from trustcart.customer_interactions;
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, cleared_at)
values
(4, '+8801711000004', '2025-06-17 10:00+06', null),
(6, '+8801711000006', '2025-06-10 10:00+06', '2025-06-15 10:00+06'),
(7, '+8801711000009', '2025-06-17 10:00+06', null),
(8, '+8801711000008', '2025-06-18 10:00+06', null),
(9, '+8801711000009', '2025-06-17 10:00+06', null);
update trustcart.customers set mobile = '01811000009' where id = 9;
select results_eq(
    $$select p.customer_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.why like 'wrong%'$$,
    $$values (4::bigint, 'wrong number: none is left')$$,
    'whose only number was found wrong before the day'
);
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-12') as p where p.customer_id = 6),
    'dropped',
    'a flag that was cleared since held then'
);
update trustcart.customers set phone = '01911000004' where id = 4;
select is(
    (select p.decision from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 4),
    'kept',
    'a new number is free'
);

-- several reasons are all told; capacity is not among them
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at)
values (1, '+8801711000001', '2025-06-17 10:00+06');
select is(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    'do not call; wrong number: none is left',
    'all that speaks against the call'
);

-- the hours: those of the customer, the shop and the agents
insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until)
values (1, 3, '09:00', '12:00'), (2, 3, '15:00', '18:00');
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until, time_zone)
values
(6, '10:00', '16:00', null), (7, '12:00', '15:00', null), (8, '18:00', '20:00', null), (9, '08:00', '09:30', 'Europe/London');
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (3, 6) order by 1$$,
    $$values (3::bigint, null::timestamptz, null::timestamptz),
    (6, '2025-06-18 10:00+06', '2025-06-18 12:00+06')$$,
    'the task says the hours: the customer''s, while somebody works; the longer stretch; none where nobody limits them'
);
select results_eq(
    $$select p.customer_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'dropped' and p.customer_id in (6, 7, 8, 9) order by 1$$,
    $$values (7::bigint, 'nobody works at the hours the customer may be called'),
    (8, 'nobody works at the hours the customer may be called'),
    (9, 'nobody works at the hours the customer may be called')$$,
    'nobody is there at noon, in the evening, or between 13:00 and 14:30 here, when it is morning in London'
);
update trustcart.customer_contact_preferences set preferred_until = '11:00' where customer_id = 9;
select results_eq(
    $$select p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 9$$,
    $$values (timestamptz '2025-06-18 15:00+06', timestamptz '2025-06-18 16:00+06')$$,
    'hours are those of where the customer lives'
);
delete from trustcart.agent_working_hours;
-- quiet hours across midnight
update trustcart.settings set quiet_from = '21:00', quiet_until = '09:00';
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (3, 8, 9) order by 1$$,
    $$values (3::bigint, timestamptz '2025-06-18 09:00+06', timestamptz '2025-06-18 21:00+06'),
    (8, '2025-06-18 18:00+06', '2025-06-18 20:00+06'), (9, '2025-06-18 14:00+06', '2025-06-18 16:00+06')$$,
    'quiet hours across midnight are those of the customer''s own day too'
);
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (3, '21:30', '23:00');
select results_eq(
    $$select p.decision, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 3$$,
    $$values ('dropped', 'no hour of the day to call at')$$,
    'whoever wishes to be called in the quiet hours only is not'
);
-- within a day
update trustcart.settings set quiet_from = '13:00', quiet_until = '15:00';
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (2, 6) order by 1$$,
    $$values (2::bigint, timestamptz '2025-06-18 00:00+06', timestamptz '2025-06-18 13:00+06'),
    (6, '2025-06-18 10:00+06', '2025-06-18 13:00+06')$$,
    'a siesta leaves the longer of two stretches'
);
update trustcart.settings set quiet_from = null, quiet_until = null;
select is(
    (select p.call_from from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 2),
    null,
    'without quiet hours nothing limits them'
);

select * from finish();
rollback;
