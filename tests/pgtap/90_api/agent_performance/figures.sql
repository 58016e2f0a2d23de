-- GET /crm-automation/agent-performance
begin;
select plan(8);

insert into trustcart.users (id, name, role) values (5, 'Agent Name', 'crm_agent'), (6, 'Idle', 'crm_agent'), (7, 'M', 'crm_manager');
insert into trustcart.customers (id, first_name) values (1, 'John');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, 1, 5, date '2025-12-01' + g.n % 18 from generate_series(1, 12) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (13, 1, 5, '2025-11-30'), (14, 1, 5, '2025-12-19');
update trustcart.crm_call_tasks set started_at = clock_timestamp() - interval '510 seconds' where id = 1;
select trustcart.complete_call_task(g.n, case when g.n <= 8 then 'successful' else 'unsuccessful' end)
from generate_series(1, 11) as g (n);
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)
values (1, 'sms', 5, '2025-12-18 23:30+06'), (1, 'sms', 5, '2025-12-19 00:30+06'), (1, 'sms', 5, '2025-11-30 23:30+06');

select is(
    trustcart_api.agent_performance(5, '2025-12-01', '2025-12-18'),
    '{
        "agent_id": 5, "agent_name": "Agent Name", "total_tasks": 12, "completed_tasks": 11, "successful_calls": 8,
        "completion_rate": 91.67, "success_rate": 72.73, "avg_call_duration": 8.5, "total_interactions": 1
    }'::jsonb,
    'the guide''s shape, of the period, both days included'
);
select is(
    trustcart_api.agent_performance(6, '2025-12-01', '2025-12-18') - 'agent_name',
    '{
        "agent_id": 6, "total_tasks": 0, "completed_tasks": 0, "successful_calls": 0,
        "completion_rate": 0, "success_rate": 0, "avg_call_duration": null, "total_interactions": 0
    }'::jsonb,
    'no work is no error'
);
select is(
    jsonb_path_query_array(trustcart_api.agent_performance(null, '2025-12-01', '2025-12-18'), '$[*].agent_id'),
    '[5, 6]', 'all agents without one, the most successful first'
);
select is(
    (trustcart_api.agent_performance(5) ->> 'total_interactions')::integer, 11,
    'this month without dates'
);
select throws_ok($$select trustcart_api.agent_performance(7)$$, 'TC004', null, 'a manager is no agent');
select throws_ok($$select trustcart_api.agent_performance(99)$$, 'TC004', null, 'unknown');
select throws_ok($$select trustcart_api.agent_performance(5, 'x', '2025-12-18')$$, 'TC001', null, 'no date');
select throws_ok(
    $$select trustcart_api.agent_performance(5, '2025-12-18', '2025-12-01')$$, 'TC005', null, 'ends before it begins'
);

select * from finish();
rollback;
