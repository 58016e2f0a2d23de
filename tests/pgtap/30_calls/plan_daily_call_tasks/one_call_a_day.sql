-- The reasons of a customer merge into one call; the first in rank names it; priority follows all of them.
begin;
select plan(9);

insert into trustcart.customers (id, first_name, date_of_birth)
values (1, 'All at once', '1990-06-19'), (2, 'Big spender', '1990-06-18'), (3, 'Prospect', '1990-06-18');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-05-25', 100, 'delivered'), (1, '2025-06-01', 100, 'delivered'), (2, '2024-01-01', 50000, 'delivered');
insert into trustcart.customer_interactions
    (customer_id, interaction_type, direction, outcome, interaction_date, details)
values (1, 'whatsapp', 'inbound', 'follow_up_needed', '2025-06-10 10:00+06', 'Wants to hear about honey');

select is((select count(*) from trustcart.plan_daily_call_tasks('2025-06-18')), 3::bigint, 'one row a customer');
select is(
    (
        select jsonb_path_query_array(p.reasons, '$[*].task_type')
        from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1
    ),
    '["follow_up", "birthday", "new_customer", "repeat_reminder"]'::jsonb,
    'all reasons, in rank'
);
select results_eq(
    $$select p.task_type, p.priority, p.priority_rank, p.notes
    from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1$$,
    $$values ('follow_up', 'warm', 2::smallint, 'Wants to hear about honey')$$,
    'the first names it, the priority is the highest, the notes say what was asked'
);
select is(
    (select p.priority from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 2),
    'hot',
    'a spend of 50,000 is hot, also when inactive'
);
select is(
    (select p.priority from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 3),
    'cold',
    'a prospect is cold'
);
update trustcart.call_task_types set rank = 5 where task_type = 'repeat_reminder';
select results_eq(
    $$select p.task_type, p.reasons -> 0 ->> 'task_type'
    from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 1$$,
    $$values ('repeat_reminder', 'repeat_reminder')$$,
    'the rank is a matter of call_task_types'
);
update trustcart.call_task_types set base_priority = 'hot' where task_type = 'birthday';
select is(
    (select p.priority from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 3),
    'hot',
    'so is the least priority'
);

-- A call arranged by hand before the day is the customer's call of the day.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date)
values (900, 3, 'other', trustcart.business_date() + 1), (901, 2, 'other', trustcart.business_date());
update trustcart.customers set date_of_birth = (trustcart.business_date() + 1 - interval '20 years')::date;
select is(
    (
        select p.decision || ', ' || p.why
        from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) as p where p.customer_id = 3
    ),
    'dropped, has a task already: 900',
    'no second call beside one arranged before the day'
);
select is(
    (
        select p.decision
        from trustcart.plan_daily_call_tasks(trustcart.business_date()) as p where p.customer_id = 2
    ),
    'kept',
    'what is arranged on the day itself does not change its plan'
);

select * from finish();
rollback;
