-- requires: agent_figures, check_period

create or replace function trustcart.agent_performance_by_period(
    p_period text, p_from date, p_to date, p_agent_id bigint default null
)
returns table (
    period_start date,
    period_end date,
    agent_id bigint,
    agent_name text,
    total_tasks bigint,
    completed_tasks bigint,
    successful_calls bigint,
    completion_rate numeric,
    success_rate numeric,
    avg_call_duration numeric,
    total_interactions bigint,
    attempts bigint,
    total_tasks_change bigint,
    completed_tasks_change bigint,
    successful_calls_change bigint,
    completion_rate_change numeric,
    success_rate_change numeric
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_step interval;
    v_from timestamp;
    v_to timestamp;
begin
    perform trustcart.check_period(p_from, p_to);
    if (p_period in ('day', 'week', 'month')) is not true then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a period', p_period),
            hint = 'Known are day, week (Monday to Sunday) and month.';
    end if;
    if p_agent_id is not null and not exists (
        select from trustcart.users as u where u.id = p_agent_id and u.role = 'crm_agent'
    ) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without an id all of them are listed.';
    end if;
    v_step := ('1 ' || p_period)::interval;
    v_from := date_trunc(p_period, p_from::timestamp);
    v_to := date_trunc(p_period, p_to::timestamp) + v_step - interval '1 day';

    return query
    with figures as (
        select
            g.period_start::date as period_start,
            (g.period_start + v_step)::date - 1 as period_end,
            u.id as agent_id,
            u.name as agent_name,
            coalesce(f.total_tasks, 0) as total_tasks,
            coalesce(f.completed_tasks, 0) as completed_tasks,
            coalesce(f.successful_calls, 0) as successful_calls,
            round(f.completed_tasks * 100.0 / nullif(f.total_tasks, 0), 2) as completion_rate,
            round(f.successful_calls * 100.0 / nullif(f.completed_tasks, 0), 2) as success_rate,
            round(extract(epoch from f.call_duration / nullif(f.timed_calls, 0)) / 60, 2) as avg_call_duration,
            coalesce(f.total_interactions, 0) as total_interactions,
            coalesce(f.attempts, 0) as attempts
        from trustcart.users as u
        cross join generate_series(v_from - v_step, v_to, v_step) as g (period_start)
        left join
            trustcart.agent_figures(
                greatest((v_from - v_step)::date, '1900-01-01'), least(v_to::date, '2199-12-31'), p_period, p_agent_id
            ) as f
            on u.id = f.agent_id and g.period_start::date = f.period_start
        where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id)
    ),

    compared as (
        select
            f.*,
            f.total_tasks - lag(f.total_tasks) over w as total_tasks_change,
            f.completed_tasks - lag(f.completed_tasks) over w as completed_tasks_change,
            f.successful_calls - lag(f.successful_calls) over w as successful_calls_change,
            f.completion_rate - lag(f.completion_rate) over w as completion_rate_change,
            f.success_rate - lag(f.success_rate) over w as success_rate_change
        from figures as f
        window w as (partition by f.agent_id order by f.period_start)
    )

    select
        c.period_start,
        c.period_end,
        c.agent_id,
        c.agent_name,
        c.total_tasks,
        c.completed_tasks,
        c.successful_calls,
        coalesce(c.completion_rate, 0),
        coalesce(c.success_rate, 0),
        c.avg_call_duration,
        c.total_interactions,
        c.attempts,
        c.total_tasks_change,
        c.completed_tasks_change,
        c.successful_calls_change,
        c.completion_rate_change,
        c.success_rate_change
    from compared as c
    where c.period_start >= v_from::date
    order by c.period_start, c.agent_name, c.agent_id;
end;
$$;
comment on function trustcart.agent_performance_by_period(text, date, date, bigint) is
'The figures of agent_performance() by day, week (Monday to Sunday) or calendar month, a row for each period and
agent, zeros included, with the change against the period before: in number, and in percentage points (null where
either had nothing to take a rate of). Periods are whole: the ones that p_from and p_to fall in begin and end it.
TC001 and TC005 for the dates, TC002 for the period, TC004 no such agent.';
