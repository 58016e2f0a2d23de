-- The agents side by side: the dashboard's view, and the report of the month.
begin;
\ir shop.sql

select
    agent_name,
    total_tasks,
    completed_tasks,
    total_interactions
from trustcart.agent_performance_dashboard
where agent_id in (9001, 9002)
order by agent_name;

select
    agent_name,
    total_tasks,
    completed,
    completion_rate,
    total_interactions
from trustcart.report_agents()
where agent_id in (9001, 9002)
order by agent_name;

rollback;
