-- GET /crm-automation/call-tasks/today
begin;
select plan(16);

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
update trustcart.crm_call_tasks set list_position = 5 - id where id in (2, 3);

select is(
    jsonb_path_query_array(trustcart_api.call_tasks_today(5), '$[*].id'), '[4, 3, 2, 5, 1]'::jsonb,
    'the agent''s pending tasks of today: hot, warm, cold; an agreed hour first, then as the plan lists them'
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

-- What an agent has claimed from the pool is on the list; what holds for a task comes with it.
update trustcart.crm_call_tasks set assigned_agent_id = null where id = 6;
select is(jsonb_array_length(trustcart_api.call_tasks_today(5)), 5, 'the pool is nobody''s');
update trustcart.crm_call_tasks
set claimed_by = 5, claimed_at = now(), call_from = '2025-06-18 09:00+06', call_until = '2025-06-18 12:00+06',
why_agent = 'the least loaded'
where id = 6;
insert into trustcart.crm_call_attempts (task_id, customer_id, outcome) values (6, 2, 'no_answer'), (6, 2, 'busy');
select is(jsonb_array_length(trustcart_api.call_tasks_today(5)), 6, 'until it is claimed');
select ok(
    jsonb_path_query_first(trustcart_api.call_tasks_today(5), '$[*] ? (@.id == 6)') @> '{
        "call_from": "2025-06-18T03:00:00Z", "call_until": "2025-06-18T06:00:00Z", "claimed_by": 5,
        "why_agent": "the least loaded", "attempts": 2, "due_at": null
    }',
    'its hours, its claim, why it is whose, and the attempts so far'
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position)
values (9, 1, 5, trustcart.business_date(), 'hot', null);
select is(
    jsonb_path_query_array(trustcart_api.call_tasks_today(5), '$[*] ? (@.priority == "hot").id'), '[4, 6, 9, 3, 2]',
    'what no plan placed comes before what it did'
);


insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, source, first_planned_on)
values (10, 1, 6, trustcart.business_date(), 'carried', trustcart.business_date() - 2);
select ok(
    jsonb_path_query_first(trustcart_api.call_tasks_today(), '$[*] ? (@.id == 10)')
    @> jsonb_build_object('source', 'carried', 'first_planned_on', trustcart.business_date() - 2),
    'where it comes from, and how old it is'
);

select * from finish();
rollback;
