-- A callback at an agreed hour keeps its hour in the plan of that day, however it was asked for.
begin;
select plan(5);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name, assigned_agent_id)
values (1, 'By attempt', 1), (2, 'Overdue', 1), (3, 'By a completed task', 1), (4, 'Prefers evenings', 1);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome, due_at)
values
(1, '2031-03-03 11:00+06', 'follow_up_needed', '2031-03-05 16:00+06'),
(2, '2031-03-03 11:00+06', 'follow_up_needed', '2031-03-04 16:00+06');
-- Of a completed task the interaction says the day, the attempt the hour.
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, status, outcome, follow_up_date)
values (9, 3, 1, trustcart.business_date(), 'completed', 'follow_up_needed', trustcart.business_date() + 3);
update trustcart.crm_call_attempts
set due_at = (trustcart.business_date() + 3 + time '17:00') at time zone 'Asia/Dhaka'
where task_id = 9;

select results_eq(
    $$select p.customer_id, p.due_at from trustcart.plan_daily_call_tasks('2031-03-05') as p
    where p.decision = 'kept' and p.customer_id < 3 order by 1$$,
    $$values (1::bigint, timestamptz '2031-03-05 16:00+06'), (2, null)$$,
    'the hour agreed for the day; one of a day that is past is no hour any more'
);
select is(
    (
        select p.due_at from trustcart.plan_daily_call_tasks(trustcart.business_date() + 3) as p where p.customer_id = 3
    ),
    (trustcart.business_date() + 3 + time '17:00') at time zone 'Asia/Dhaka',
    'the same of a call that was completed with it'
);
select trustcart.generate_daily_call_tasks('2031-03-05');
select is(
    (select t.due_at from trustcart.crm_call_tasks as t where t.customer_id = 1 and t.task_date = '2031-03-05'),
    timestamptz '2031-03-05 16:00+06',
    'and the task has it'
);

-- Who is not there at the customer's hours cannot call: the own agent works in the morning.
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until)
select v.id, g.n, v.works_from, v.works_until
from (values (1, time '09:00', time '13:00'), (2, time '16:00', time '21:00')) as v (id, works_from, works_until)
cross join generate_series(1, 7) as g (n);
select trustcart.set_contact_preferences(4, '18:00', '20:00');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date, follow_up_date)
values (4, 'call', 'inbound', '2031-03-03 11:00+06', '2031-03-05');
select is(
    (select p.agent_id from trustcart.plan_daily_call_tasks('2031-03-05') as p where p.customer_id = 4),
    2::bigint,
    'a customer who prefers the evening goes to the agent who works then'
);
select matches(
    (select p.why_agent from trustcart.plan_daily_call_tasks('2031-03-05') as p where p.customer_id = 4),
    'agent 1 does not suit',
    'and the plan says so'
);

select * from finish();
rollback;
