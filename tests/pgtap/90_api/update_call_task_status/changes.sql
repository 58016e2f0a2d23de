-- PUT /crm-automation/call-task/:taskId/status
begin;
select plan(15);

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

select * from finish();
rollback;
