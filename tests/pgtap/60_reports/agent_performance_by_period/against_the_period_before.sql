-- A row a period and agent, whole periods, and the change against the one before.
begin;
select plan(8);

select setseed(0.42);
update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name, role, is_active)
select n, 'Agent ' || n, case n when 910007 then 'crm_manager' else 'crm_agent' end, n <> 910006
from generate_series(910001, 910007) as n;
insert into trustcart.customers (id) select n from generate_series(910001, 910040) as n;
insert into trustcart.sales_orders (customer_id, order_date, ordered_at, total_amount, status)
select
    910001 + floor(random() * 40),
    d.order_date,
    case when random() < 0.5 then (d.order_date + interval '1 hour' * floor(random() * 24)) at time zone 'Asia/Dhaka' end,
    floor(random() * 10000),
    case when random() < 0.1 then 'cancelled' else 'delivered' end
from (select date '2031-01-01' + floor(random() * 100)::integer as order_date from generate_series(1, 400)) as d;
-- A history: the triggers would date every call today.
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, status, outcome, started_at, completed_at, closed_at
)
select
    910001 + floor(random() * 40),
    case when random() < 0.95 then 910001 + floor(random() * 5) end,
    x.task_date,
    x.status,
    case when x.status = 'completed' then (array['successful', 'no_answer', 'unsuccessful'])[1 + floor(random() * 3)] end,
    case when random() < 0.7 then x.closed_at - interval '1 second' * floor(random() * 900) end,
    case when x.status = 'completed' then x.closed_at end,
    case when x.status <> 'pending' then x.closed_at end
from (
    select
        d.task_date,
        (array['completed', 'completed', 'completed', 'pending', 'skipped', 'expired', 'cancelled', 'carried'])[
            1 + floor(random() * 8)
        ] as status,
        (d.task_date + interval '1 minute' * floor(random() * 2000)) at time zone 'Asia/Dhaka' as closed_at
    from (select date '2031-01-01' + floor(random() * 100)::integer as task_date from generate_series(1, 700)) as d
) as x;
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)
select
    910001 + floor(random() * 40),
    'sms',
    case when random() < 0.9 then 910001 + floor(random() * 7) end,
    timestamptz '2030-12-31 18:00+00' + interval '1 minute' * floor(random() * 144000)
from generate_series(1, 500);
insert into trustcart.crm_call_attempts (customer_id, agent_id, outcome, attempted_at)
select
    910001 + floor(random() * 40),
    case when random() < 0.9 then 910001 + floor(random() * 7) end,
    'no_answer',
    timestamptz '2030-12-31 18:00+00' + interval '1 minute' * floor(random() * 144000)
from generate_series(1, 600);


select is(
    (
        select array_agg(distinct p.period_start::text || ' ' || p.period_end order by p.period_start::text || ' ' || p.period_end)
        from trustcart.agent_performance_by_period('week', '2031-02-05', '2031-02-17') as p
    ),
    array['2031-02-03 2031-02-09', '2031-02-10 2031-02-16', '2031-02-17 2031-02-23'],
    'weeks are whole, Monday to Sunday'
);
select results_eq(
    $$select p.agent_id, p.period_start, p.total_tasks, p.completed_tasks, p.successful_calls, p.completion_rate,
        p.success_rate, p.avg_call_duration, p.total_interactions, p.attempts
    from trustcart.agent_performance_by_period('week', '2031-02-05', '2031-02-17') as p
    where p.agent_id > 910000 order by 1, 2$$,
    $$select p.agent_id, w.week, p.total_tasks, p.completed_tasks, p.successful_calls, p.completion_rate,
        p.success_rate, p.avg_call_duration, p.total_interactions, p.attempts
    from (values (date '2031-02-03'), ('2031-02-10'), ('2031-02-17')) as w (week)
    cross join lateral trustcart.agent_performance(null, w.week, w.week + 6) as p
    where p.agent_id > 910000 order by 1, 2$$,
    'the figures are those of agent_performance() of each week'
);
select results_eq(
    $$select p.agent_id, p.period_start, p.total_tasks_change, p.completed_tasks_change, p.successful_calls_change,
        p.completion_rate_change, p.success_rate_change
    from trustcart.agent_performance_by_period('week', '2031-02-03', '2031-02-16') as p
    where p.agent_id between 910001 and 910005 order by 1, 2$$,
    $$select n.agent_id, w.week, n.total_tasks - b.total_tasks, n.completed_tasks - b.completed_tasks,
        n.successful_calls - b.successful_calls,
        case when n.total_tasks > 0 and b.total_tasks > 0 then n.completion_rate - b.completion_rate end,
        case when n.completed_tasks > 0 and b.completed_tasks > 0 then n.success_rate - b.success_rate end
    from (values (date '2031-02-03'), ('2031-02-10')) as w (week)
    cross join lateral trustcart.agent_performance(null, w.week, w.week + 6) as n
    inner join lateral trustcart.agent_performance(null, w.week - 7, w.week - 1) as b on n.agent_id = b.agent_id
    where n.agent_id between 910001 and 910005 order by 1, 2$$,
    'the change is against the week before, of the first too'
);
select is(
    (select sum(p.total_tasks) from trustcart.agent_performance_by_period('day', '2031-01-01', '2031-04-10') as p),
    (select count(*)::numeric from trustcart.crm_call_tasks as t where t.assigned_agent_id > 910000),
    'the days add up to all there is'
);
select results_eq(
    $$select p.period_start, p.period_end, p.total_tasks, p.total_tasks_change
    from trustcart.agent_performance_by_period('month', '2031-02-10', '2031-03-01', 910006) as p$$,
    $$values (date '2031-02-01', date '2031-02-28', 0::bigint, 0::bigint), ('2031-03-01', '2031-03-31', 0, 0)$$,
    'months are the calendar''s; one agent, and who did nothing has zeros'
);
select throws_ok(
    $$select * from trustcart.agent_performance_by_period('year', '2031-01-01', '2031-02-01')$$, 'TC002', null, 'no such period'
);
select throws_ok(
    $$select * from trustcart.agent_performance_by_period(null, '2031-01-01', '2031-02-01')$$, 'TC002', null, 'null is none'
);
select throws_ok(
    $$select * from trustcart.agent_performance_by_period('day', '2031-01-01', '2031-02-01', 910007)$$,
    'TC004', null, 'a manager is no agent'
);

select * from finish();
rollback;
