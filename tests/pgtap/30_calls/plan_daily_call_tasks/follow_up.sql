-- follow_up: due from its date (without one, the next working day) until a later contact.
begin;
select plan(12);

insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 12) as g (n);
insert into trustcart.customer_interactions
    (customer_id, interaction_type, direction, outcome, interaction_date, follow_up_date)
values
(1, 'call', 'inbound', 'successful', '2025-06-10 10:00+06', '2025-06-18'),
(2, 'call', 'inbound', 'successful', '2025-06-10 10:00+06', '2025-06-19'),
(3, 'visit', 'inbound', null, '2025-06-10 10:00+06', '2025-06-12'),
-- 17 June 2025 was a Tuesday
(4, 'call', 'outbound', 'follow_up_needed - asks for prices', '2025-06-17 10:00+06', null),
(5, 'call', 'outbound', 'no_follow_up_needed', '2025-06-17 10:00+06', null),
(6, 'call', 'outbound', 'follow_up_needed', '2025-06-10 10:00+06', '2025-06-12'),
(6, 'call', 'inbound', 'successful', '2025-06-11 10:00+06', null),
(7, 'call', 'outbound', 'follow_up_needed', '2025-06-10 10:00+06', '2025-06-12'),
(8, 'call', 'outbound', 'follow_up_needed', '2025-06-10 10:00+06', '2025-06-12'),
(8, 'call', 'outbound', 'follow_up_needed', '2025-06-14 10:00+06', '2025-06-25'),
(9, 'call', 'outbound', 'follow_up_needed', '2025-06-18 00:00+06', '2025-06-18'),
-- 12 June 2025 was a Thursday, before the weekend of Friday and Saturday
(10, 'call', 'outbound', 'follow_up_needed', '2025-06-12 10:00+06', null);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
values (7, '2025-06-13 10:00+06', 'no_answer');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome, due_at)
values (11, '2025-06-13 10:00+06', 'asked to be called later', '2025-06-18 16:00+06');

select is(
    (select array_agg(p.customer_id order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p),
    array[1, 3, 4, 10, 11]::bigint [],
    'those who asked, are due and were not in contact since'
);
select is(
    (
        select array_agg(distinct p.decision || ' ' || p.task_type || ' ' || p.priority)
        from trustcart.plan_daily_call_tasks('2025-06-18') as p
    ),
    array['kept follow_up warm'],
    'they are kept as follow-ups, at least warm'
);
select is(
    (select p.reasons from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 3),
    '[{"task_type": "follow_up", "rank": 10, "asked_on": "2025-06-10", "due_on": "2025-06-12"}]'::jsonb,
    'the reason tells when it was asked and is due'
);
select results_eq(
    $$select p.customer_id from trustcart.plan_daily_call_tasks('2025-06-19') as p
    where p.customer_id in (2, 9) order by 1$$,
    array[2, 9]::bigint [],
    'one is due from its date on; what was said on the day itself counts from the next'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-14') as p where p.customer_id = 10$$,
    'without a date it is not due on the weekend'
);
select isnt_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-15') as p where p.customer_id = 10$$,
    'but on the Sunday after'
);
select isnt_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-13') as p where p.customer_id = 8$$,
    'a first promise stands until the customer is reached again'
);
select isnt_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-25') as p where p.customer_id = 8$$,
    'a later promise replaces it'
);

-- A task completed today asks as well.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date)
values (900, 12, 'other', trustcart.business_date());
select lives_ok(
    $$select trustcart.complete_call_task(900, 'follow_up_needed', null, trustcart.business_date() + 3)$$,
    'a task is completed with a follow-up date'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks(trustcart.business_date() + 2) as p where p.customer_id = 12$$,
    'not due before that date'
);
select is(
    (
        select p.task_type
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 3) as p where p.customer_id = 12
    ),
    'follow_up',
    'due on it'
);
update trustcart.call_task_types set is_enabled = false where task_type = 'follow_up';
select is(
    (
        select array_agg(distinct p.decision || ', ' || p.why) from trustcart.plan_daily_call_tasks('2025-06-18') as p
    ),
    array['dropped, follow_up: type disabled'],
    'a disabled type is dropped and says so'
);

select * from finish();
rollback;
