-- Places by successful calls; rates and revenue are those of the functions that count them.
begin;
select plan(6);

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


update trustcart.crm_call_tasks set outcome = 'no_answer' where assigned_agent_id in (910004, 910005) and successful;

select results_eq(
    $$select l.agent_id, l.successful_calls, l.completed_tasks, l.total_tasks, l.completion_rate, l.success_rate
    from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as l where l.agent_id > 910000 order by 1$$,
    $$select p.agent_id, p.successful_calls, p.completed_tasks, p.total_tasks, p.completion_rate, p.success_rate
    from trustcart.agent_performance(null, '2031-01-20', '2031-02-20') as p
    where p.agent_id between 910001 and 910005 order by 1$$,
    'one row an agent; who left and did nothing has none'
);
select results_eq(
    $$select l.agent_id, l.converted_customers, l.orders, l.revenue
    from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as l where l.agent_id > 910000 order by 1$$,
    $$select c.agent_id, c.converted_customers, c.orders, c.revenue
    from trustcart.call_conversions('2031-01-20', '2031-02-20') as c
    where c.agent_id between 910001 and 910005 order by 1$$,
    'revenue within 7 days'
);
select results_eq(
    $$select l.place from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as l where l.agent_id > 910000$$,
    $$select 1 + (
        select count(*) from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as b
        where b.successful_calls > l.successful_calls
    ) from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as l where l.agent_id > 910000
    order by l.successful_calls desc$$,
    'a place is one more than the number of those who did better'
);
select is(
    (
        select count(distinct l.place) from trustcart.agent_leaderboard('2031-01-20', '2031-02-20') as l
        where l.agent_id in (910004, 910005)
    ),
    1::bigint, 'ties share the place'
);
select throws_ok($$select * from trustcart.agent_leaderboard(null, '2031-02-20')$$, 'TC001', null, 'without a beginning');
select throws_ok(
    $$select * from trustcart.agent_leaderboard('2031-02-21', '2031-02-20')$$, 'TC005', null, 'ends before it begins'
);

select * from finish();
rollback;
