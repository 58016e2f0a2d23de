-- requires: to_business_date, business_date

create or replace function trustcart_api.agent_performance(
    p_agent_id bigint default null, p_start_date text default null, p_end_date text default null
)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog
as $$
declare
    v_end date := coalesce(trustcart.to_business_date(p_end_date), trustcart.business_date());
    v_start date := coalesce(trustcart.to_business_date(p_start_date), date_trunc('month', v_end)::date);
    v_agents jsonb;
begin
    if v_start > v_end then
        raise exception using
            errcode = 'TC005',
            message = format('startDate %s is after endDate %s', v_start, v_end),
            hint = 'Give the first and the last day of the period.';
    end if;
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'agent_id', u.id,
                    'agent_name', u.name,
                    'total_tasks', t.total_tasks,
                    'completed_tasks', t.completed_tasks,
                    'successful_calls', t.successful_calls,
                    'completion_rate', coalesce(
                        trim_scale(round(t.completed_tasks * 100.0 / nullif(t.total_tasks, 0), 2)), 0
                    ),
                    'success_rate', coalesce(
                        trim_scale(round(t.successful_calls * 100.0 / nullif(t.completed_tasks, 0), 2)), 0
                    ),
                    'avg_call_duration', trim_scale(round(extract(epoch from t.avg_call_duration) / 60, 2)),
                    'total_interactions', i.total_interactions
                )
                order by t.successful_calls desc, t.completed_tasks desc, u.id
            ),
            '[]'
        )
    into v_agents
    from trustcart.users as u
    cross join trustcart.settings as s
    cross join lateral (
        select
            count(*) as total_tasks,
            count(*) filter (where ct.status = 'completed') as completed_tasks,
            count(*) filter (where ct.successful) as successful_calls,
            avg(ct.completed_at - ct.started_at) as avg_call_duration
        from trustcart.crm_call_tasks as ct
        where ct.assigned_agent_id = u.id and ct.task_date between v_start and v_end
    ) as t
    cross join lateral (
        select count(*) as total_interactions
        from trustcart.customer_interactions as ci
        where
            ci.agent_id = u.id
            and ci.interaction_date >= v_start::timestamp at time zone s.time_zone
            and ci.interaction_date < (v_end + 1)::timestamp at time zone s.time_zone
    ) as i
    where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id);

    if p_agent_id is null then
        return v_agents;
    elsif v_agents = '[]' then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without agentId all of them are listed.';
    end if;
    return v_agents -> 0;
end;
$$;
comment on function trustcart_api.agent_performance(bigint, text, text) is
'GET /crm-automation/agent-performance: the figures of an agent for the tasks dated startDate to endDate (by default the
month of endDate, and today) as an object, or of all agents as an array, the most successful first. completion_rate
is completed of all tasks and success_rate successful of completed ones, in percent, 0 of none; avg_call_duration in
minutes, null when no call was started. TC001 date, TC004 no such agent, TC005 period that ends before it begins.';
