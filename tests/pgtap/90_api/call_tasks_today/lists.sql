-- GET /crm-automation/call-tasks/today
begin;
select plan(11);

insert into trustcart.users (id, name) values (5, 'Agent 5'), (6, 'Agent 6');
insert into trustcart.customers (id, first_name, last_name, phone) values (1, 'John', 'Doe', '01700000000'), (2, 'Jane', null, null);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, priority, task_date, notes, due_at)
values
(1, 1, 5, 'follow_up', 'cold', trustcart.business_date(), null, null),
(2, 1, 5, 'at_risk', 'hot', trustcart.business_date(), null, null),
(3, 1, 5, 'follow_up', 'hot', trustcart.business_date(), 'Customer showed interest in honey', null),
(4, 2, 5, 'other', 'hot', trustcart.business_date(), null, '2025-06-18 16:00+06'),
(5, 2, 5, 'other', 'warm', trustcart.business_date(), null, null),
(6, 2, 6, 'other', 'hot', trustcart.business_date(), null, null),
(7, 2, 5, 'other', 'hot', trustcart.business_date() + 1, null, null),
(8, 2, 5, 'other', 'hot', trustcart.business_date(), null, null);
select trustcart.skip_call_task(8);

select is(
    jsonb_path_query_array(trustcart_api.call_tasks_today(5), '$[*].id'), '[4, 3, 2, 5, 1]'::jsonb,
    'the agent''s pending tasks of today: hot, warm, cold; an agreed hour first, then by rank'
);
select ok(
    trustcart_api.call_tasks_today(5) -> 1 @> '{
        "id": 3, "customer_name": "John Doe", "customer_phone": "01700000000", "task_type": "follow_up",
        "priority": "hot", "notes": "Customer showed interest in honey"
    }',
    'an item is the guide''s'
);
select is(trustcart_api.call_tasks_today(5) -> 0 ->> 'customer_name', 'Jane', 'half a name is a name');
select is(jsonb_array_length(trustcart_api.call_tasks_today()), 6, 'of all agents without one');
select is(
    jsonb_path_query_array(trustcart_api.call_tasks_today(5, (trustcart.business_date() + 1)::text), '$[*].id'), '[7]',
    'of another date'
);
select is(jsonb_path_query_array(trustcart_api.call_tasks_today(5, null, 'skipped'), '$[*].id'), '[8]', 'of another status');
select is(jsonb_array_length(trustcart_api.call_tasks_today(5, null, 'all')), 6, 'or all');
select is(trustcart_api.call_tasks_today(6, '2025-01-01'), '[]', 'an empty day is an empty array');
select throws_ok($$select trustcart_api.call_tasks_today(99)$$, 'TC004', null, 'unknown agent');
select throws_ok($$select trustcart_api.call_tasks_today(5, '2025-13-40')$$, 'TC001', null, 'no date');
select throws_ok($$select trustcart_api.call_tasks_today(5, null, 'open')$$, 'TC002', null, 'unknown status');

select * from finish();
rollback;
