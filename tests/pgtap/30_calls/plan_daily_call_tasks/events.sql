-- birthday and anniversary: of the customer or family, today or tomorrow, one call per occurrence.
begin;
select plan(12);

insert into trustcart.customers (id, first_name, date_of_birth, anniversary_date, is_active)
values
(1, 'Today', '1990-06-18', null, true),
(2, 'Tomorrow', '1990-06-19', null, true),
(3, 'After tomorrow', '1990-06-20', null, true),
(4, 'Yesterday', '1990-06-17', null, true),
(5, 'Married', null, '2010-06-18', true),
(6, 'Mother', null, null, true),
(7, 'Both', '1990-06-18', '2010-06-19', true),
(8, 'Leap', '2000-02-29', null, true),
(9, 'Gone', '1990-06-18', null, false);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, anniversary_date)
values
(60, 6, 'Son', 'child', '2015-06-19', null),
(61, 6, 'Daughter', 'child', '2017-06-18', null),
(62, 6, 'Husband', 'spouse', null, '2011-06-19');

select results_eq(
    $$select p.customer_id, p.task_type from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'kept' order by 1$$,
    $$values (1::bigint, 'birthday'), (2, 'birthday'), (5, 'anniversary'), (6, 'birthday'), (7, 'birthday')$$,
    'today and tomorrow, of active customers and their families'
);
select is(
    (
        select jsonb_path_query_array(p.reasons, '$[*].events[*].name')
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 6
    ),
    '["Daughter", "Son", "Husband"]'::jsonb,
    'a family with several events gets one call that names them all'
);
select is(
    (
        select jsonb_path_query_array(p.reasons, '$[*].task_type')
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 7
    ),
    '["birthday", "anniversary"]'::jsonb,
    'birthday and anniversary merge, the birthday first'
);
select isnt_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-02-28') as p where p.customer_id = 8$$,
    '29 February is 28 February in other years'
);
select isnt_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-02-27') as p where p.customer_id = 8$$,
    'with notice from the day before'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-03-01') as p where p.customer_id = 8$$,
    'and over on 1 March'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2024-02-27') as p where p.customer_id = 8$$,
    'in a leap year it is the 29th'
);

-- Called today for tomorrow's birthday: no second call tomorrow, but one in a year.
update trustcart.customers
set date_of_birth = (trustcart.business_date() + 1 - interval '10 years')::date
where id in (1, 2, 3);
update trustcart.customers set anniversary_date = (trustcart.business_date() + 1 - interval '5 years')::date where id = 3;
select trustcart.generate_daily_call_tasks();
select trustcart.complete_call_task(t.id, 'no_answer')
from trustcart.crm_call_tasks as t
where t.customer_id = 1 and t.task_date = trustcart.business_date();
select trustcart.skip_call_task(t.id)
from trustcart.crm_call_tasks as t
where t.customer_id = 2 and t.task_date = trustcart.business_date();
select is(
    (
        select p.decision || ', ' || p.why
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p where p.customer_id = 1
    ),
    'dropped, birthday: called for it already',
    'called for it the day before: no second call'
);
select is(
    (
        select p.decision
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p where p.customer_id = 2
    ),
    'kept',
    'skipped the day before: the birthday is still to be called for'
);
insert into trustcart.crm_call_attempts (task_id, customer_id, outcome)
select t.id, t.customer_id, 'no_answer'
from trustcart.crm_call_tasks as t
where t.customer_id = 3 and t.task_date = trustcart.business_date();
select is(
    (
        select p.decision
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p where p.customer_id = 3
    ),
    'dropped',
    'an attempt on the task counts as the call'
);
insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)
values (1, 'Child', 'child', (trustcart.business_date() + 1 - interval '8 years')::date);
select is(
    (
        select p.reasons -> 0 -> 'events' -> 0 ->> 'event_type' || ' of ' || jsonb_array_length(p.reasons -> 0 -> 'events')
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p where p.customer_id = 1
    ),
    'family_birthday of 1',
    'another occurrence is called for, without the one that was'
);
select is(
    (
        select p.decision
        from trustcart.plan_daily_call_tasks((trustcart.business_date() + 1 + interval '1 year')::date) as p
        where p.customer_id = 1
    ),
    'kept',
    'and next year again'
);

select * from finish();
rollback;
