-- Totals, agents and leaderboard are those of agent_performance() and of a count of the tables.
begin;
select plan(16);

select setseed(0.42);
create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Five', null, 'crm_agent', null), (6, 'Six', null, 'crm_agent', null);
insert into trustcart.customers (id) select n from generate_series(101, 140) as n;

select is(
    told('boss', $$select trustcart_api.page_team_figures('weekly', '2026-02-11') ->> 'leaderboard'$$), '[]',
    'nothing yet: no leaderboard'
);
select is(
    told('boss', $$select trustcart_api.page_team_figures('weekly', '2026-02-11') #>> '{totals,3}'$$)::jsonb,
    '{"name": "completion_rate", "value": null, "previous": null, "change": null}', 'no rate of nothing'
);
-- A history: the triggers would date every call today.
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, priority, status, outcome, started_at, completed_at, closed_at
)
select
    101 + floor(random() * 40),
    (array[1, 2, 3, 5, null])[1 + floor(random() * 5)],
    x.task_date,
    (array['hot', 'warm', 'cold'])[1 + floor(random() * 3)],
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
    from (select date '2026-01-25' + floor(random() * 28)::integer as task_date from generate_series(1, 900)) as d
) as x;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status, outcome, completed_at, closed_at)
select 101, 6, '2026-02-11', 'completed', 'successful', '2026-02-11 10:00+06', '2026-02-11 10:00+06'
from generate_series(1, 2);
-- Of 1 more than half succeed, of very many.
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status, outcome, completed_at, closed_at)
select 102, 1, '2026-02-11', 'completed', 'successful', '2026-02-11 10:00+06', '2026-02-11 10:00+06'
from generate_series(1, 60);
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)
select 101 + floor(random() * 40), 'sms', (array[1, 2, 3, 4, 5, null])[1 + floor(random() * 6)],
    timestamptz '2026-02-01 00:00+06' + interval '1 minute' * floor(random() * 24000)
from generate_series(1, 300);

create function tap.page(p_login text) returns jsonb language sql as $$
select told(p_login, 'select trustcart_api.page_team_figures(''weekly'', ''2026-02-11'')::text')::jsonb
$$;

select results_eq(
    $$select x.agent_id, x.total_tasks, x.completed_tasks, x.successful_calls, coalesce(x.completion_rate, 0),
        coalesce(x.success_rate, 0), x.minutes_a_call, x.total_interactions, x.attempts, x.pending,
        x.completed_change, x.successful_change
    from jsonb_to_recordset(tap.page('boss') -> 'agents') as x (
        agent_id bigint, total_tasks bigint, completed_tasks bigint, successful_calls bigint, completion_rate numeric,
        success_rate numeric, minutes_a_call numeric, total_interactions bigint, attempts bigint, pending bigint,
        completed_change bigint, successful_change bigint
    ) order by 1$$,
    $$select n.agent_id, n.total_tasks, n.completed_tasks, n.successful_calls, n.completion_rate, n.success_rate,
        n.avg_call_duration, n.total_interactions, n.attempts, n.pending, n.completed_tasks - p.completed_tasks,
        n.successful_calls - p.successful_calls
    from trustcart.agent_performance(null, '2026-02-09', '2026-02-15') as n
    join trustcart.agent_performance(null, '2026-02-02', '2026-02-08') as p using (agent_id)
    order by 1$$,
    'agents, with the step from the week before'
);
select results_eq(
    $$select x.name, x.value, x.previous from jsonb_to_recordset(tap.page('boss') -> 'totals') as x (
        name text, value numeric, previous numeric
    ) where x.name not in ('minutes_a_call', 'attempts', 'total_interactions')$$,
    $$with n as (
        select t.task_date >= '2026-02-09' as now, t.*
        from trustcart.crm_call_tasks as t where t.task_date between '2026-02-02' and '2026-02-15'
    ), c as (
        select now, count(*)::numeric as total, count(*) filter (where status = 'completed')::numeric as done,
            count(*) filter (where successful)::numeric as won, count(*) filter (where status = 'pending')::numeric as pending,
            count(*) filter (where status = 'carried')::numeric as carried,
            count(*) filter (where status = 'expired')::numeric as expired,
            count(*) filter (where status = 'skipped')::numeric as skipped,
            count(*) filter (where status = 'cancelled')::numeric as cancelled
        from n group by now
    )
    select m.name, m.value, m.previous
    from c as a join c as b on a.now and not b.now cross join lateral (values
        (1, 'total_tasks', a.total, b.total), (2, 'completed_tasks', a.done, b.done),
        (3, 'successful_calls', a.won, b.won),
        (4, 'completion_rate', round(a.done * 100 / a.total, 2), round(b.done * 100 / b.total, 2)),
        (5, 'success_rate', round(a.won * 100 / a.done, 2), round(b.won * 100 / b.done, 2)),
        (9, 'pending', a.pending, b.pending), (10, 'carried', a.carried, b.carried),
        (11, 'expired', a.expired, b.expired), (12, 'skipped', a.skipped, b.skipped),
        (13, 'cancelled', a.cancelled, b.cancelled)
    ) as m (position, name, value, previous) order by m.position$$,
    'totals of the shop, those of nobody included'
);
select results_eq(
    $$select x.agent_id, x.hot, x.warm, x.cold from jsonb_to_recordset(tap.page('boss') -> 'agents') as x (
        agent_id bigint, hot bigint, warm bigint, cold bigint
    ) where x.hot + x.warm + x.cold > 0 order by 1$$,
    $$select t.assigned_agent_id, count(*) filter (where t.priority = 'hot'), count(*) filter (where t.priority = 'warm'),
        count(*) filter (where t.priority = 'cold')
    from trustcart.crm_call_tasks as t
    where t.task_date between '2026-02-09' and '2026-02-15' and t.assigned_agent_id is not null group by 1 order by 1$$,
    'tasks by agent and priority'
);
select is(
    (tap.page('boss') #>> '{pool,warm}')::bigint,
    (
        select count(*) from trustcart.crm_call_tasks as t
        where t.task_date between '2026-02-09' and '2026-02-15' and t.assigned_agent_id is null and t.priority = 'warm'
    ),
    'and those of nobody'
);
select results_eq(
    $$select x.date, x.total_tasks, x.successful_calls from jsonb_to_recordset(tap.page('boss') -> 'days') as x (
        date date, total_tasks bigint, successful_calls bigint
    )$$,
    $$select d::date, count(t.id), count(*) filter (where t.successful)
    from generate_series(timestamp '2026-02-09', '2026-02-15', '1 day') as d
    left join trustcart.crm_call_tasks as t on t.task_date = d::date group by 1 order by 1$$,
    'each day'
);
select is(
    (select sum((x ->> 'total_tasks')::bigint) from jsonb_array_elements(tap.page('leader') -> 'agents') as x),
    (tap.page('leader') #>> '{totals,0,value}')::numeric, 'a leader''s totals are those of the team'
);
select is(
    tap.page('leader') -> 'agents',
    (
        select jsonb_agg(x order by n) from jsonb_array_elements(tap.page('boss') -> 'agents') with ordinality as x (x, n)
        where (x ->> 'agent_id')::bigint in (1, 2, 3)
    ),
    'a leader reads of the team what a manager does'
);
select is(tap.page('leader') -> 'pool', 'null'::jsonb, 'a team has no pool');

select is(
    (tap.page('boss') #>> '{leaderboard,0,agent_id}')::bigint, 1::bigint,
    'two of two are no proof against sixty and more of many'
);
select ok(
    (
        select (x ->> 'success_rate')::numeric = 100 and (x ->> 'place')::integer > 1
        from jsonb_array_elements(tap.page('boss') -> 'leaderboard') as x
        where (x ->> 'agent_id')::bigint = 6
    ),
    'though their rate is the highest'
);
select results_eq(
    $$select x.agent_id, x.place from jsonb_to_recordset(tap.page('boss') -> 'leaderboard') as x (
        agent_id bigint, place bigint
    )$$,
    $$select p.agent_id, rank() over (order by (trustcart.wilson_interval(p.successful_calls, p.completed_tasks))[1] desc)
    from trustcart.agent_performance(null, '2026-02-09', '2026-02-15') as p where p.completed_tasks > 0
    order by 2, p.successful_calls desc, 1$$,
    'places by the lower bound of the rate'
);
select is(told('agent_one', 'select trustcart_api.page_team_figures()'), 'TC403', 'an agent without a team');
select is(told('boss', $$select trustcart_api.page_team_figures('hourly')$$), 'TC002', 'no such period');
select is(told('boss', $$select trustcart_api.page_team_figures(null, 'x')$$), 'TC001', 'no date');

select * from finish();
rollback;
