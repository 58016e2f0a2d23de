-- requires: check_period, is_successful_call

create or replace function trustcart.agent_figures(
    p_from date, p_to date, p_period text default null, p_agent_id bigint default null
)
returns table (
    agent_id bigint,
    period_start date,
    total_tasks bigint,
    completed_tasks bigint,
    successful_calls bigint,
    pending bigint,
    skipped bigint,
    expired bigint,
    cancelled bigint,
    carried bigint,
    call_duration interval,
    timed_calls bigint,
    total_interactions bigint,
    attempts bigint
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
-- One agent reads an index, all of them the table: only with the arguments at hand can the plan tell.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_begins timestamptz;
    v_ends timestamptz;
begin
    perform trustcart.check_period(p_from, p_to);
    if p_period not in ('day', 'week', 'month') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a period', p_period),
            hint = 'Known are day, week (Monday to Sunday) and month.';
    end if;
    v_begins := p_from::timestamp at time zone v_time_zone;
    v_ends := (p_to + 1)::timestamp at time zone v_time_zone;

    -- Tasks, interactions and attempts are counted each for itself and then laid side by side: joined to one another
    -- they would multiply.
    return query
    select
        x.agent_id,
        x.period_start,
        sum(x.total_tasks)::bigint,
        sum(x.completed_tasks)::bigint,
        sum(x.successful_calls)::bigint,
        sum(x.pending)::bigint,
        sum(x.skipped)::bigint,
        sum(x.expired)::bigint,
        sum(x.cancelled)::bigint,
        sum(x.carried)::bigint,
        sum(x.call_duration),
        sum(x.timed_calls)::bigint,
        sum(x.total_interactions)::bigint,
        sum(x.attempts)::bigint
    from (
        select
            t.assigned_agent_id as agent_id,
            case when p_period is null then p_from else date_trunc(p_period, t.task_date::timestamp)::date end
                as period_start,
            count(*) as total_tasks,
            count(*) filter (where t.status = 'completed') as completed_tasks,
            count(*) filter (where trustcart.is_successful_call(t.status, t.successful)) as successful_calls,
            count(*) filter (where t.status = 'pending') as pending,
            count(*) filter (where t.status = 'skipped') as skipped,
            count(*) filter (where t.status = 'expired') as expired,
            count(*) filter (where t.status = 'cancelled') as cancelled,
            count(*) filter (where t.status = 'carried') as carried,
            sum(t.completed_at - t.started_at) as call_duration,
            count(t.completed_at - t.started_at) as timed_calls,
            0 as total_interactions,
            0 as attempts
        from trustcart.crm_call_tasks as t
        where t.task_date between p_from and p_to and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
        group by 1, 2
        union all
        select
            i.agent_id,
            case
                when p_period is null then p_from
                else date_trunc(p_period, i.interaction_date at time zone v_time_zone)::date
            end,
            0, 0, 0, 0, 0, 0, 0, 0, null, 0,
            count(*),
            0
        from trustcart.customer_interactions as i
        where
            i.interaction_date >= v_begins and i.interaction_date < v_ends
            and (p_agent_id is null or i.agent_id = p_agent_id)
        group by 1, 2
        union all
        select
            a.agent_id,
            case
                when p_period is null then p_from
                else date_trunc(p_period, a.attempted_at at time zone v_time_zone)::date
            end,
            0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0,
            count(*)
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at >= v_begins and a.attempted_at < v_ends
            and (p_agent_id is null or a.agent_id = p_agent_id)
        group by 1, 2
    ) as x
    group by x.agent_id, x.period_start;
end;
$$;
comment on function trustcart.agent_figures(date, date, text, bigint) is
'What was done from p_from to p_to, counted by agent and, if p_period is day, week or month, by the periods'' first
day: the one count behind the team''s views. Tasks are those dated in the period, by what became of them; interactions
and attempts those made in it, in the business time zone. call_duration is the time of the timed_calls that were
started and completed. Only who did something has a row; agent_id null is what nobody owned. TC001 and TC005 for the
dates, TC002 for the period.';
