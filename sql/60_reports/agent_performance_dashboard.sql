-- requires: is_successful_call

create or replace view trustcart.agent_performance_dashboard
with (security_invoker = true) as
select
    u.id as agent_id,
    u.name as agent_name,
    coalesce(t.total_tasks, 0) as total_tasks,
    coalesce(t.completed_tasks, 0) as completed_tasks,
    coalesce(t.successful_calls, 0) as successful_calls,
    coalesce(i.total_interactions, 0) as total_interactions,
    t.avg_call_duration_minutes,
    coalesce(round(t.completed_tasks * 100.0 / nullif(t.total_tasks, 0), 2), 0) as completion_rate,
    coalesce(round(t.successful_calls * 100.0 / nullif(t.completed_tasks, 0), 2), 0) as success_rate
from trustcart.users as u
-- Tasks and interactions are counted each for itself: joined to one another they would multiply.
left join (
    select
        ct.assigned_agent_id,
        count(*) as total_tasks,
        count(*) filter (where ct.status = 'completed') as completed_tasks,
        count(*) filter (where trustcart.is_successful_call(ct.status, ct.successful)) as successful_calls,
        round(extract(epoch from avg(ct.completed_at - ct.started_at)) / 60, 2) as avg_call_duration_minutes
    from trustcart.crm_call_tasks as ct
    group by ct.assigned_agent_id
) as t on u.id = t.assigned_agent_id
left join (
    select
        ci.agent_id,
        count(*) as total_interactions
    from trustcart.customer_interactions as ci
    group by ci.agent_id
) as i on u.id = i.agent_id
where u.role = 'crm_agent';

comment on view trustcart.agent_performance_dashboard is
'What each agent has done so far, one row an agent (guide: "agent_performance_dashboard").';
comment on column trustcart.agent_performance_dashboard.agent_id is 'Identity of the agent.';
comment on column trustcart.agent_performance_dashboard.agent_name is 'Name of the agent.';
comment on column trustcart.agent_performance_dashboard.total_tasks is 'Call tasks assigned to the agent.';
comment on column trustcart.agent_performance_dashboard.completed_tasks is 'Those that are completed.';
comment on column trustcart.agent_performance_dashboard.successful_calls is
'Those whose outcome begins with the word "successful".';
comment on column trustcart.agent_performance_dashboard.total_interactions is
'Interactions of the agent, those of completed tasks included, each counted once.';
comment on column trustcart.agent_performance_dashboard.avg_call_duration_minutes is
'Mean time from start to completion of the tasks that were started, in minutes; null without one.';
comment on column trustcart.agent_performance_dashboard.completion_rate is
'Completed of all tasks, in percent; 0 without tasks.';
comment on column trustcart.agent_performance_dashboard.success_rate is
'Successful of completed tasks, in percent; 0 without any.';
