-- PUT /crm-automation/call-task/:taskId/status
begin;
select plan(30);

insert into trustcart.users (id, name) values (5, 'Agent 5');
insert into trustcart.customers (id, first_name) values (1, 'John');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)
select g.n, 1, 5, 'follow_up', trustcart.business_date() from generate_series(1, 4) as g (n);

select ok(
    trustcart_api.update_call_task_status(1, 'completed', 'successful - placed order', 'Customer ordered 2kg honey')
    @> '{"id": 1, "status": "completed", "outcome": "successful - placed order", "notes": "Customer ordered 2kg honey"}',
    'the guide''s body'
);
select is(
    (select count(*) from trustcart.customer_interactions as i where i.task_id = 1), 1::bigint, 'with its interaction'
);
select ok(
    trustcart_api.update_call_task_status(2, 'skipped', null, 'wrong number') @> '{"status": "skipped"}', 'skipped'
);
select results_eq(
    $$select t.close_reason, t.notes from trustcart.crm_call_tasks as t where t.id = 2$$,
    $$values ('wrong number', 'wrong number')$$, 'and why'
);
select is(
    trustcart_api.update_call_task_status(
        3, 'completed', 'follow_up_needed', null, (trustcart.business_date() + 4)::text
    ) ->> 'follow_up_date',
    (trustcart.business_date() + 4)::text, 'with a follow-up'
);
select ok(
    trustcart_api.update_call_task_status(4, 'pending', null, 'rings later') @> '{"status": "pending", "notes": "rings later"}',
    'a pending task takes notes'
);
select throws_ok($$select trustcart_api.update_call_task_status(1, 'pending')$$, 'TC104', null, 'no way back');
select throws_ok($$select trustcart_api.update_call_task_status(1, 'completed', 'x')$$, 'TC101', null, 'completed');
select throws_ok($$select trustcart_api.update_call_task_status(2, 'completed', 'x')$$, 'TC102', null, 'skipped');
select throws_ok(
    $$select trustcart_api.update_call_task_status(4, 'completed')$$, 'TC003', 'outcome is required', 'no outcome'
);
select throws_ok($$select trustcart_api.update_call_task_status(4, 'done')$$, 'TC002', null, 'unknown status');
select throws_ok($$select trustcart_api.update_call_task_status(4, '')$$, 'TC003', 'status is required', 'no status');
select throws_ok($$select trustcart_api.update_call_task_status(99, 'completed', 'x')$$, 'TC004', null, 'unknown task');
select throws_ok($$select trustcart_api.update_call_task_status(99, 'pending')$$, 'TC004', null, 'unknown task, pending');
select throws_ok(
    $$select trustcart_api.update_call_task_status(4, 'completed', 'x', null, '2025-13-40')$$, 'TC001', null, 'no date'
);

-- An attempt, with the guide's verb: pending, and an outcome.
insert into trustcart.users (id, name, role) values (6, 'Agent 6', 'crm_agent'), (7, 'M', 'crm_manager');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)
select g.n, 1, 5, 'follow_up', '2150-06-01' from generate_series(11, 15) as g (n);
select ok(
    trustcart_api.update_call_task_status(
        11, 'pending', 'follow_up_needed', 'at noon', p_due_at => '2150-06-01T12:00', p_request_id => 'a'
    ) @> '{"status": "pending", "due_at": "2150-06-01T06:00:00Z", "attempts": 1, "notes": "at noon"}',
    'an hour agreed upon, in the time zone of the shop'
);
select ok(
    trustcart_api.update_call_task_status(
        11, 'pending', 'follow_up_needed', 'at noon', p_due_at => '2150-06-01T12:00:00+06:00', p_request_id => 'a'
    ) @> '{"attempts": 1}', 'the same request again, the hour spelt otherwise'
);
select ok(
    trustcart_api.update_call_task_status(12, 'pending', 'successful', p_agent_id => 6, p_request_id => 'b')
    @> '{"status": "completed", "assigned_agent_id": 6, "attempts": 1}', 'what needs no retry is completed'
);
select ok(
    trustcart_api.update_call_task_status(12, 'pending', 'successful', p_agent_id => 6, p_request_id => 'b')
    @> '{"status": "completed", "attempts": 1}', 'once'
);
select ok(
    trustcart_api.update_call_task_status(13, 'completed', 'no_answer', p_agent_id => 6, p_request_id => 'c')
    @> '{"status": "completed", "assigned_agent_id": 6}', 'completed always completes'
);
select lives_ok(
    $$select trustcart_api.update_call_task_status(13, 'completed', 'no_answer', p_agent_id => 6, p_request_id => 'c')$$,
    'a repeated request is no error'
);
select throws_ok(
    $$select trustcart_api.update_call_task_status(13, 'completed', 'successful', p_request_id => 'c')$$,
    'TC106', null, 'another one is'
);
select lives_ok(
    $$select trustcart_api.update_call_task_status(14, 'skipped', null, 'closed', p_request_id => 'd')$$, 'a skip'
);
select lives_ok(
    $$select trustcart_api.update_call_task_status(14, 'skipped', null, 'closed', p_request_id => 'd')$$, 'and again'
);
select throws_ok(
    $$select trustcart_api.update_call_task_status(15, 'completed', 'x', p_agent_id => 7)$$, 'TC201', null, 'a manager'
);
select throws_ok(
    $$select trustcart_api.update_call_task_status(15, 'pending', 'no_answer', null, '2150-06-02')$$,
    'TC005', null, 'a date without completing'
);
select throws_ok(
    $$select trustcart_api.update_call_task_status(15, 'pending', p_due_at => '2150-06-01T12:00')$$,
    'TC005', null, 'an hour without an attempt'
);
select throws_ok(
    $$select trustcart_api.update_call_task_status(15, 'pending', 'no_answer', p_due_at => 'noon')$$,
    'TC001', null, 'no hour'
);
select is(
    (select count(*) from trustcart.crm_call_attempts as a where a.task_id between 11 and 15), 3::bigint,
    'nothing is doubled'
);
select is(trustcart_api.update_call_task_status(15, 'pending', null, 'note') -> 'attempts', '0', 'a note is no attempt');

select * from finish();
rollback;
