-- Completing sets the outcome and writes the interaction and the attempt, once, in the same transaction.
begin;
select plan(20);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent'), (3, 'M', 'crm_manager');
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date, notes)
select g.n, 1, 1, 'follow_up', trustcart.business_date(), 'As planned' from generate_series(1, 6) as g (n);

select results_eq(
    $$select t.id, t.status, t.outcome, t.successful, t.notes, t.follow_up_date, t.assigned_agent_id,
        t.completed_at is not null and t.completed_at = t.closed_at
    from trustcart.complete_call_task(
        1, 'successful - placed order', 'Customer ordered 2kg honey', trustcart.business_date() + 7
    ) as t$$,
    $$values (1::bigint, 'completed', 'successful - placed order', true, 'Customer ordered 2kg honey',
    trustcart.business_date() + 7, 1::bigint, true)$$,
    'the task is completed'
);
select results_eq(
    $$select i.customer_id, i.interaction_type, i.direction, i.outcome, i.details, i.agent_id, i.follow_up_date,
        i.interaction_date
    from trustcart.customer_interactions as i where i.task_id = 1$$,
    $$select 1::bigint, 'call', 'outbound', 'successful - placed order', 'Customer ordered 2kg honey', 1::bigint,
        trustcart.business_date() + 7, t.completed_at from trustcart.crm_call_tasks as t where t.id = 1$$,
    'its interaction is written'
);
select results_eq(
    $$select a.customer_id, a.agent_id, a.outcome, a.successful from trustcart.crm_call_attempts as a where a.task_id = 1$$,
    $$values (1::bigint, 1::bigint, 'successful - placed order', true)$$,
    'its attempt is written'
);
select throws_ok($$select trustcart.complete_call_task(1, 'no_answer')$$, 'TC101', null, 'completed is completed');
select throws_ok($$select trustcart.start_call_task(1)$$, 'TC101', null, 'and not started again');
select throws_ok($$select trustcart.skip_call_task(1)$$, 'TC101', null, 'nor skipped');
select is(
    (select count(*) from trustcart.customer_interactions as i), 1::bigint, 'nothing more was written'
);

select is((trustcart.complete_call_task(2, 'no_answer')).notes, 'As planned', 'notes stay unless given');
select is((trustcart.complete_call_task(3, 'unsuccessful', p_agent_id => 2)).assigned_agent_id, 2::bigint, 'who called');
select is((select t.successful from trustcart.crm_call_tasks as t where t.id = 3), false, 'unsuccessful is not successful');
select is(
    (select i.agent_id from trustcart.customer_interactions as i where i.task_id = 3), 2::bigint,
    'the interaction is of who called'
);

select throws_ok($$select trustcart.complete_call_task(null, 'x')$$, 'TC003', 'task_id is required', 'no task');
select throws_ok($$select trustcart.complete_call_task(99, 'x')$$, 'TC004', null, 'unknown task');
select throws_ok($$select trustcart.complete_call_task(4, ' ')$$, 'TC003', 'outcome is required', 'no outcome');
select throws_ok(
    $$select trustcart.complete_call_task(4, 'follow_up_needed', null, trustcart.business_date())$$,
    'TC204', null, 'a follow-up today is no follow-up'
);
select throws_ok(
    $$select trustcart.complete_call_task(4, 'follow_up_needed', null, 'infinity')$$, 'TC001', null, 'nor one never'
);
select throws_ok(
    $$select trustcart.complete_call_task(4, 'successful', p_agent_id => 3)$$, 'TC201', null, 'a manager takes no calls'
);
select is((select t.status from trustcart.crm_call_tasks as t where t.id = 4), 'pending', 'refused is unchanged');
select trustcart.skip_call_task(5, 'wrong number');
select throws_ok($$select trustcart.complete_call_task(5, 'successful')$$, 'TC102', null, 'skipped is skipped');
update trustcart.crm_call_tasks set status = 'cancelled', close_reason = 'the customer ordered' where id = 6;
select throws_ok($$select trustcart.complete_call_task(6, 'successful')$$, 'TC103', null, 'cancelled is closed');

select * from finish();
rollback;
