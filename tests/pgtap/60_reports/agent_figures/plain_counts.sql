-- Each figure is its own plain count, on random data with several of everything for everybody.
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
    case
        when x.status in ('completed', 'skipped')
            then (array['successful', 'no_answer', 'unsuccessful'])[1 + floor(random() * 3)]
    end,
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


create temporary view plain as
select
    w.agent_id,
    w.week,
    (
        select array[
            count(*), count(*) filter (where t.status = 'completed'),
            count(*) filter (where t.status = 'completed' and t.outcome like 'successful%'),
            count(*) filter (where t.status = 'pending'),
            count(*) filter (where t.status = 'skipped'), count(*) filter (where t.status = 'expired'),
            count(*) filter (where t.status = 'cancelled'), count(*) filter (where t.status = 'carried')
        ]
        from trustcart.crm_call_tasks as t
        where t.assigned_agent_id is not distinct from w.agent_id and t.task_date between w.week and w.week + 6
    ) || (
        select count(*) from trustcart.customer_interactions as i
        where i.agent_id is not distinct from w.agent_id
        and (i.interaction_date at time zone 'Asia/Dhaka')::date between w.week and w.week + 6
    ) || (
        select count(*) from trustcart.crm_call_attempts as a
        where a.agent_id is not distinct from w.agent_id
        and (a.attempted_at at time zone 'Asia/Dhaka')::date between w.week and w.week + 6
    ) as figures
from (
    select a.id as agent_id, (date '2031-02-03' + 7 * k.n) as week
    from (select u.id from trustcart.users as u union all select null) as a (id)
    cross join generate_series(0, 3) as k (n)
) as w;

create temporary view counted as
select
    f.agent_id,
    f.period_start,
    array[
        f.total_tasks, f.completed_tasks, f.successful_calls, f.pending, f.skipped, f.expired, f.cancelled, f.carried,
        f.total_interactions, f.attempts
    ] as figures
from trustcart.agent_figures('2031-02-03', '2031-03-02', 'week') as f;

select cmp_ok((select count(*) from counted)::integer, '>', 25, 'nearly everybody did something in nearly every week');
select bag_eq(
    'select * from counted',
    'select * from plain where 0 < any (figures)',
    'by week and agent, nobody''s too: as counted one by one'
);
select bag_eq(
    $$select f.agent_id, f.total_tasks, f.total_interactions, f.attempts
    from trustcart.agent_figures('2031-02-03', '2031-03-02') as f$$,
    $$select p.agent_id, sum(p.figures[1])::bigint as t, sum(p.figures[9])::bigint as i, sum(p.figures[10])::bigint as a
    from plain as p group by p.agent_id$$,
    'the whole is the sum of its weeks'
);
select bag_eq(
    $$select f.agent_id, f.call_duration, f.timed_calls from trustcart.agent_figures('2031-02-03', '2031-03-02') as f
    where f.timed_calls > 0$$,
    $$select t.assigned_agent_id, sum(t.completed_at - t.started_at), count(*) from trustcart.crm_call_tasks as t
    where t.task_date between '2031-02-03' and '2031-03-02' and t.status = 'completed' and t.started_at is not null
    group by t.assigned_agent_id$$,
    'the time of the calls that were timed'
);
select bag_eq(
    $$select f.agent_id, f.period_start, f.total_tasks, f.attempts
    from trustcart.agent_figures('2031-02-03', '2031-03-02', 'week', 910002) as f$$,
    $$select agent_id, period_start, figures[1] as t, figures[10] as a from counted where agent_id = 910002$$,
    'one agent alone has the same figures'
);
select throws_ok(
    $$select * from trustcart.agent_figures('2031-02-03', '2031-03-02', 'year')$$, 'TC002', null, 'years are not known'
);

select * from finish();
rollback;
