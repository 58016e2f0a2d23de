-- Who did not answer as often as one task is tried is called at another part of the day next.
begin;
select plan(13);

insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 6) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, '2025-04-10', 500, 'delivered' from trustcart.customers as c;
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values
-- 1: three times in the morning; 2: twice only; 3: morning, morning, afternoon; 4: answered since
(1, '2025-05-20 09:30+06', 'no_answer'), (1, '2025-05-20 10:30+06', 'no_answer'), (1, '2025-05-20 11:30+06', 'no_answer'),
(2, '2025-05-20 09:30+06', 'no_answer'), (2, '2025-05-20 10:30+06', 'no_answer'),
(3, '2025-05-20 09:30+06', 'no_answer'), (3, '2025-05-20 11:30+06', 'busy - twice'), (3, '2025-05-20 13:30+06', 'no_answer'),
(4, '2025-05-20 09:30+06', 'no_answer'), (4, '2025-05-20 10:30+06', 'no_answer'), (4, '2025-05-20 11:30+06', 'no_answer'),
(4, '2025-05-21 10:00+06', 'successful'),
-- 5: the third is of the day itself
(5, '2025-05-20 09:30+06', 'no_answer'), (5, '2025-05-20 10:30+06', 'no_answer'), (5, '2025-06-18 09:00+06', 'no_answer');
update trustcart.call_task_types set min_gap_days = 1 where task_type = 'at_risk';

select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'kept' order by 1$$,
    $$values (1::bigint, timestamptz '2025-06-18 12:00+06', timestamptz '2025-06-18 17:00+06'),
    (2, null, null), (3, '2025-06-18 17:00+06', '2025-06-18 21:00+06'), (4, null, null), (5, null, null), (6, null, null)$$,
    'mornings were tried: in the afternoon; morning and afternoon: in the evening'
);
select matches(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1),
    'to be tried at another hour: afternoon', 'and why says so'
);
select isnt(
    (select p.call_from from trustcart.plan_daily_call_tasks('2025-06-19') as p where p.customer_id = 5),
    null,
    'from the next day on the third counts'
);

-- Within the hours the customer wishes, and while somebody works.
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (1, '08:00', '13:00'), (3, '10:00', '12:00');
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (1, 3) order by 1$$,
    $$values (1::bigint, timestamptz '2025-06-18 12:00+06', timestamptz '2025-06-18 13:00+06'),
    (3, '2025-06-18 10:00+06', '2025-06-18 12:00+06')$$,
    'what the customer wishes goes before'
);
update trustcart.customer_contact_preferences set preferred_from = '18:00', preferred_until = '19:30' where customer_id = 3;
update trustcart.customer_contact_preferences set preferred_from = '21:30', preferred_until = '22:30' where customer_id = 1;
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until, p.why like '%another hour%'
    from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id in (1, 3) order by 1$$,
    $$values (1::bigint, timestamptz '2025-06-18 21:30+06', timestamptz '2025-06-18 22:30+06', false),
    (3, '2025-06-18 18:00+06', '2025-06-18 19:30+06', true)$$,
    'only as long as the hours are; when no part has such hours they stay as they are'
);
delete from trustcart.customer_contact_preferences;
insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until)
values (1, 3, '09:00', '13:00'), (2, 3, '13:00', '17:00');
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (1, 3) order by 1$$,
    $$values (1::bigint, timestamptz '2025-06-18 12:00+06', timestamptz '2025-06-18 17:00+06'),
    (3, '2025-06-18 12:00+06', '2025-06-18 17:00+06')$$,
    'nobody works in the evening: the part that was tried least of those that are left'
);
-- Nobody is there for a part of the afternoon.
update trustcart.agent_working_hours set works_from = '14:00' where agent_id = 2;
select results_eq(
    $$select p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1$$,
    $$values (timestamptz '2025-06-18 14:00+06', timestamptz '2025-06-18 17:00+06')$$,
    'the longest stretch of the part in which somebody works'
);
delete from trustcart.agent_working_hours where agent_id = 2;
update trustcart.agent_working_hours set works_until = '12:00';
delete from trustcart.users where id = 2;
select results_eq(
    $$select p.customer_id, p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (1, 6) order by 1$$,
    $$values (1::bigint, timestamptz '2025-06-18 09:00+06', timestamptz '2025-06-18 12:00+06'), (6, null, null)$$,
    'with mornings only it is the morning again'
);
delete from trustcart.agent_working_hours;

-- Once in each part: from the morning again.
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values
(6, '2025-05-20 09:30+06', 'no_answer'), (6, '2025-05-20 13:30+06', 'no_answer'), (6, '2025-05-20 18:30+06', 'no_answer');
select results_eq(
    $$select p.call_from, p.call_until from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 6$$,
    $$values (timestamptz '2025-06-18 09:00+06', timestamptz '2025-06-18 12:00+06')$$,
    'the first of equals'
);

-- How often is a matter of call_outcomes; an outcome that is no retry means that somebody answered.
update trustcart.call_outcomes set max_attempts = 2 where outcome = 'no_answer';
select isnt(
    (select p.call_from from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 2),
    null,
    'two tries are enough then'
);
update trustcart.call_outcomes set max_attempts = 10 where next_step = 'retry';
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.call_from is not null$$,
    'and ten are not reached'
);
update trustcart.call_outcomes set max_attempts = 3 where max_attempts is not null;
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-08-30') as p where p.call_from is not null and p.customer_id = 1$$,
    'what was tried months ago is forgotten'
);
-- The task says it.
select trustcart.generate_daily_call_tasks('2025-06-18');
select results_eq(
    $$select t.call_from, t.call_until from trustcart.crm_call_tasks as t where t.customer_id = 1$$,
    $$values (timestamptz '2025-06-18 12:00+06', timestamptz '2025-06-18 17:00+06')$$,
    'the task is for that part of the day'
);

select * from finish();
rollback;
