-- requires: to_business_date, business_date, trustcart.agent_performance

create or replace function trustcart_api.agent_performance(
    p_agent_id bigint default null, p_start_date text default null, p_end_date text default null
)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agents jsonb;
begin
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'agent_id', a.agent_id,
                    'agent_name', a.agent_name,
                    'total_tasks', a.total_tasks,
                    'completed_tasks', a.completed_tasks,
                    'successful_calls', a.successful_calls,
                    'completion_rate', trim_scale(a.completion_rate),
                    'success_rate', trim_scale(a.success_rate),
                    'avg_call_duration', trim_scale(a.avg_call_duration),
                    'total_interactions', a.total_interactions
                )
                order by a.successful_calls desc, a.completed_tasks desc, a.agent_id
            ),
            '[]'
        )
    into v_agents
    from trustcart.agent_performance(
        p_agent_id,
        trustcart.to_business_date(p_start_date),
        coalesce(trustcart.to_business_date(p_end_date), trustcart.business_date())
    ) as a;
    return case when p_agent_id is null then v_agents else v_agents -> 0 end;
end;
$$;
comment on function trustcart_api.agent_performance(bigint, text, text) is
'GET /crm-automation/agent-performance: the figures of an agent for the tasks dated startDate to endDate (by default the
month of endDate, and today) as an object, or of all agents as an array, the most successful first. completion_rate
is completed of all tasks and success_rate successful of completed ones, in percent, 0 of none; avg_call_duration in
minutes, null when no call was started. TC001 date, TC004 no such agent, TC005 period that ends before it begins.';
