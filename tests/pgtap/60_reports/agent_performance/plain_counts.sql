-- Rows an agent, each figure its own plain count; tasks, interactions and attempts do not multiply.
begin;
select plan(5);

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


select results_eq(
    $$select p.agent_id, p.total_tasks, p.completed_tasks, p.successful_calls, p.total_interactions, p.attempts,
        p.pending, p.skipped, p.expired, p.cancelled, p.carried
    from trustcart.agent_performance(null, '2031-01-20', '2031-02-20') as p where p.agent_id > 910000 order by 1$$,
    $$select u.id, t.total, t.completed, t.successful, i.total, a.total,
        t.pending, t.skipped, t.expired, t.cancelled, t.carried
    from trustcart.users as u
    cross join lateral (
        select count(*) as total, count(*) filter (where x.status = 'completed') as completed,
            count(*) filter (where x.outcome like 'successful%') as successful,
            count(*) filter (where x.status = 'pending') as pending,
            count(*) filter (where x.status = 'skipped') as skipped,
            count(*) filter (where x.status = 'expired') as expired,
            count(*) filter (where x.status = 'cancelled') as cancelled,
            count(*) filter (where x.status = 'carried') as carried
        from trustcart.crm_call_tasks as x
        where x.assigned_agent_id = u.id and x.task_date between '2031-01-20' and '2031-02-20'
    ) as t
    cross join lateral (
        select count(*) as total from trustcart.customer_interactions as x
        where x.agent_id = u.id
        and (x.interaction_date at time zone 'Asia/Dhaka')::date between '2031-01-20' and '2031-02-20'
    ) as i
    cross join lateral (
        select count(*) as total from trustcart.crm_call_attempts as x
        where x.agent_id = u.id
        and (x.attempted_at at time zone 'Asia/Dhaka')::date between '2031-01-20' and '2031-02-20'
    ) as a
    where u.id between 910001 and 910006 order by 1$$,
    'agents only, those who left too; every figure as counted by itself'
);
select is(
    (select sum(p.total_tasks) from trustcart.agent_performance(null, '2031-01-20', '2031-02-20') as p),
    (
        select count(*)::numeric from trustcart.crm_call_tasks as t
        where t.assigned_agent_id is not null and t.task_date between '2031-01-20' and '2031-02-20'
    ),
    'all agents together have all the tasks'
);
select results_eq(
    $$select p.completion_rate, p.success_rate, p.avg_call_duration
    from trustcart.agent_performance(910003, '2031-01-20', '2031-02-20') as p$$,
    $$select
        round(100.0 * count(*) filter (where t.status = 'completed') / count(*), 2),
        round(100.0 * count(*) filter (where t.successful) / count(*) filter (where t.status = 'completed'), 2),
        round(avg(extract(epoch from t.completed_at - t.started_at)) / 60, 2)
    from trustcart.crm_call_tasks as t
    where t.assigned_agent_id = 910003 and t.task_date between '2031-01-20' and '2031-02-20'$$,
    'rates in percent, minutes a call'
);
select bag_eq(
    $$select * from trustcart.agent_performance(910003, '2031-01-20', '2031-02-20')$$,
    $$select * from trustcart.agent_performance(null, '2031-01-20', '2031-02-20') as p where p.agent_id = 910003$$,
    'one agent alone is the same row'
);
select results_eq(
    $$select p.total_tasks, p.completion_rate, p.success_rate, p.avg_call_duration
    from trustcart.agent_performance(910006, '2031-01-20', '2031-02-20') as p$$,
    $$values (0::bigint, 0::numeric, 0::numeric, null::numeric)$$,
    'no work is no error'
);

select * from finish();
rollback;
