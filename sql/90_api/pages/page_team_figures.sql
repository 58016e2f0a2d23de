-- requires: page_frame, team_of_caller, report_span, agent_figures, wilson_interval, to_business_date, business_date

create or replace function trustcart_api.page_team_figures(p_period text default 'daily', p_date text default null)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_period text := coalesce(nullif(lower(btrim(p_period)), ''), 'daily');
    v_span record;
begin
    select s.* into v_span from trustcart_private.report_span(v_period, v_date) as s;
    return (
        with by_day as materialized (
            select f.*
            from trustcart.agent_figures(v_span.date_from, v_span.date_to, 'day') as f
            where v_team is null or f.agent_id = any(v_team)
        ),

        -- What nobody owned is part of the shop's totals, and of nobody's figures.
        figures as materialized (
            select
                true as is_now,
                f.agent_id,
                sum(f.total_tasks) as total_tasks,
                sum(f.completed_tasks) as completed_tasks,
                sum(f.successful_calls) as successful_calls,
                sum(f.pending) as pending,
                sum(f.skipped) as skipped,
                sum(f.expired) as expired,
                sum(f.cancelled) as cancelled,
                sum(f.carried) as carried,
                sum(f.call_duration) as call_duration,
                sum(f.timed_calls) as timed_calls,
                sum(f.total_interactions) as total_interactions,
                sum(f.attempts) as attempts
            from by_day as f
            group by f.agent_id
            union all
            select
                false,
                f.agent_id,
                f.total_tasks,
                f.completed_tasks,
                f.successful_calls,
                f.pending,
                f.skipped,
                f.expired,
                f.cancelled,
                f.carried,
                f.call_duration,
                f.timed_calls,
                f.total_interactions,
                f.attempts
            from trustcart.agent_figures(v_span.previous_from, v_span.previous_to) as f
            where v_team is null or f.agent_id = any(v_team)
        ),

        totals as materialized (
            select
                f.is_now,
                sum(f.total_tasks) as total_tasks,
                sum(f.completed_tasks) as completed_tasks,
                sum(f.successful_calls) as successful_calls,
                round(sum(f.completed_tasks) * 100.0 / nullif(sum(f.total_tasks), 0), 2) as completion_rate,
                round(sum(f.successful_calls) * 100.0 / nullif(sum(f.completed_tasks), 0), 2) as success_rate,
                round(extract(epoch from sum(f.call_duration) / nullif(sum(f.timed_calls), 0)) / 60, 2) as minutes_a_call,
                sum(f.total_interactions) as total_interactions,
                sum(f.attempts) as attempts,
                sum(f.pending) as pending,
                sum(f.carried) as carried,
                sum(f.expired) as expired,
                sum(f.skipped) as skipped,
                sum(f.cancelled) as cancelled
            from figures as f
            group by f.is_now
        ),

        priorities as materialized (
            select
                t.assigned_agent_id as agent_id,
                count(*) filter (where t.priority_rank = 1) as hot,
                count(*) filter (where t.priority_rank = 2) as warm,
                count(*) filter (where t.priority_rank = 3) as cold
            from trustcart.crm_call_tasks as t
            where
                t.task_date between v_span.date_from and v_span.date_to
                and (v_team is null or t.assigned_agent_id = any(v_team))
            group by t.assigned_agent_id
        ),

        agents as materialized (
            select
                u.id as agent_id,
                u.name as agent_name,
                u.is_active,
                coalesce(n.total_tasks, 0) as total_tasks,
                coalesce(n.completed_tasks, 0) as completed_tasks,
                coalesce(n.successful_calls, 0) as successful_calls,
                round(n.completed_tasks * 100.0 / nullif(n.total_tasks, 0), 2) as completion_rate,
                round(n.successful_calls * 100.0 / nullif(n.completed_tasks, 0), 2) as success_rate,
                round(extract(epoch from n.call_duration / nullif(n.timed_calls, 0)) / 60, 2) as minutes_a_call,
                coalesce(n.total_interactions, 0) as total_interactions,
                coalesce(n.attempts, 0) as attempts,
                coalesce(n.pending, 0) as pending,
                coalesce(p.completed_tasks, 0) as previous_completed_tasks,
                coalesce(p.successful_calls, 0) as previous_successful_calls,
                round(p.completed_tasks * 100.0 / nullif(p.total_tasks, 0), 2) as previous_completion_rate,
                round(p.successful_calls * 100.0 / nullif(p.completed_tasks, 0), 2) as previous_success_rate,
                coalesce(y.hot, 0) as hot,
                coalesce(y.warm, 0) as warm,
                coalesce(y.cold, 0) as cold
            from trustcart.users as u
            left join figures as n on u.id = n.agent_id and n.is_now
            left join figures as p on u.id = p.agent_id and not p.is_now
            left join priorities as y on u.id = y.agent_id
            where
                u.role = 'crm_agent'
                and (v_team is null or u.id = any(v_team))
                and (u.is_active or n.agent_id is not null or p.agent_id is not null)
        ),

        -- By the lower bound of what the rate may be: two of two is no better proof than ninety of a hundred.
        ranked as (
            select
                a.agent_id,
                a.agent_name,
                a.completed_tasks,
                a.successful_calls,
                a.success_rate,
                w.bounds,
                rank() over (order by w.bounds[1] desc nulls last) as place
            from agents as a
            cross join lateral (
                select trustcart.wilson_interval(a.successful_calls::bigint, a.completed_tasks::bigint) as bounds
            ) as w
            where a.completed_tasks > 0
        )

        select
            jsonb_build_object(
                'frame', v_frame,
                'period', v_period,
                'day', v_date,
                'from', v_span.date_from,
                'to', v_span.date_to,
                'previous_from', v_span.previous_from,
                'previous_to', v_span.previous_to,
                'is_running', v_span.is_running,
                'is_whole_shop', v_team is null,
                'totals', (
                    select jsonb_agg(
                        jsonb_build_object(
                            'name', m.name, 'value', m.value, 'previous', m.previous, 'change', m.value - m.previous
                        )
                        order by m.position
                    )
                    from (select) as one
                    left join totals as n on n.is_now
                    left join totals as p on not p.is_now
                    cross join lateral (
                        values
                        (1, 'total_tasks', coalesce(n.total_tasks, 0), coalesce(p.total_tasks, 0)),
                        (2, 'completed_tasks', coalesce(n.completed_tasks, 0), coalesce(p.completed_tasks, 0)),
                        (3, 'successful_calls', coalesce(n.successful_calls, 0), coalesce(p.successful_calls, 0)),
                        (4, 'completion_rate', n.completion_rate, p.completion_rate),
                        (5, 'success_rate', n.success_rate, p.success_rate),
                        (6, 'minutes_a_call', n.minutes_a_call, p.minutes_a_call),
                        (7, 'attempts', coalesce(n.attempts, 0), coalesce(p.attempts, 0)),
                        (8, 'total_interactions', coalesce(n.total_interactions, 0), coalesce(p.total_interactions, 0)),
                        (9, 'pending', coalesce(n.pending, 0), coalesce(p.pending, 0)),
                        (10, 'carried', coalesce(n.carried, 0), coalesce(p.carried, 0)),
                        (11, 'expired', coalesce(n.expired, 0), coalesce(p.expired, 0)),
                        (12, 'skipped', coalesce(n.skipped, 0), coalesce(p.skipped, 0)),
                        (13, 'cancelled', coalesce(n.cancelled, 0), coalesce(p.cancelled, 0))
                    ) as m (position, name, value, previous)
                ),
                'days', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'date', g.day::date,
                                'total_tasks', coalesce(x.total_tasks, 0),
                                'completed_tasks', coalesce(x.completed_tasks, 0),
                                'successful_calls', coalesce(x.successful_calls, 0)
                            )
                            order by g.day
                        ),
                        '[]'
                    )
                    from generate_series(
                        v_span.date_from::timestamp, v_span.date_to::timestamp, interval '1 day'
                    ) as g (day)
                    left join (
                        select
                            f.period_start,
                            sum(f.total_tasks) as total_tasks,
                            sum(f.completed_tasks) as completed_tasks,
                            sum(f.successful_calls) as successful_calls
                        from by_day as f
                        group by f.period_start
                    ) as x on g.day::date = x.period_start
                ),
                'agents', (
                    select coalesce(
                        jsonb_agg(
                            to_jsonb(a) || jsonb_build_object(
                                'completed_change', a.completed_tasks - a.previous_completed_tasks,
                                'successful_change', a.successful_calls - a.previous_successful_calls,
                                'completion_rate_change', a.completion_rate - a.previous_completion_rate,
                                'success_rate_change', a.success_rate - a.previous_success_rate
                            )
                            order by a.successful_calls desc, a.completed_tasks desc, a.total_tasks desc, a.agent_id
                        ),
                        '[]'
                    )
                    from agents as a
                ),
                -- Of the pool, which has no agent: of a team there is none.
                'pool', (
                    select to_jsonb(y) - 'agent_id'
                    from priorities as y
                    where y.agent_id is null
                ),
                'leaderboard', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'place', r.place,
                                'agent_id', r.agent_id,
                                'agent_name', r.agent_name,
                                'completed_tasks', r.completed_tasks,
                                'successful_calls', r.successful_calls,
                                'success_rate', r.success_rate,
                                'rate_from', round((r.bounds[1] * 100)::numeric, 2),
                                'rate_to', round((r.bounds[2] * 100)::numeric, 2)
                            )
                            order by r.place, r.successful_calls desc, r.agent_id
                        ),
                        '[]'
                    )
                    from ranked as r
                )
            )
    );
end;
$$;
comment on function trustcart_api.page_team_figures(text, text) is
'The team dashboard''s figures of the day, week or month that p_date is in, against the one before (report_span()), by
agent_figures(): totals, each with value, previous and change; days of the period; agents, the most successful first,
with their changes and the period''s tasks by priority (hot, warm, cold); pool: those of nobody, null for a team;
leaderboard by success rate, in the order of the lower bound of its 95% interval (wilson_interval(): rate_from,
rate_to), so that two of two do not win. Rates in percent, null of none; minutes_a_call in minutes. Managers see all
agents, team leaders their team. TC001 date, TC002 period, TC402 when nobody is signed in, TC403 for an agent without a
team.';
