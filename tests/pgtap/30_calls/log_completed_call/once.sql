-- Whoever completes a task and however, its interaction is there, once.
begin;
select plan(9);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) values (1, 'Rahim'), (2, 'Karim');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 1, 1, trustcart.business_date());

update trustcart.crm_call_tasks set status = 'completed', outcome = 'no_answer' where id = 1;
select is((select count(*) from trustcart.customer_interactions as i where i.task_id = 1), 1::bigint, 'a plain update');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, status, outcome)
values (3, 2, 2, trustcart.business_date(), 'completed', 'successful');
select results_eq(
    $$select i.customer_id, i.agent_id, i.outcome from trustcart.customer_interactions as i where i.task_id = 3$$,
    $$values (2::bigint, 2::bigint, 'successful')$$, 'a plain insert'
);
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status)
values (4, 2, trustcart.business_date(), 'completed');
select results_eq(
    $$select a.outcome from trustcart.crm_call_attempts as a where a.task_id = 4$$,
    array['completed'], 'without an outcome too'
);

-- A correction of the task corrects what was written along.
update trustcart.crm_call_tasks set outcome = 'follow_up_needed', follow_up_date = '2150-01-01', assigned_agent_id = 2
where id = 1;
select results_eq(
    $$select i.outcome, i.follow_up_date, i.agent_id from trustcart.customer_interactions as i where i.task_id = 1$$,
    $$values ('follow_up_needed', date '2150-01-01', 2::bigint)$$, 'the interaction'
);
select results_eq(
    $$select a.outcome, a.agent_id from trustcart.crm_call_attempts as a where a.task_id = 1$$,
    $$values ('follow_up_needed', 2::bigint)$$, 'and the attempt'
);
update trustcart.crm_call_tasks set priority = 'hot' where id = 1;
select is((select count(*) from trustcart.customer_interactions), 3::bigint, 'one interaction a completed task');
select is((select count(*) from trustcart.crm_call_attempts), 3::bigint, 'one attempt a completed task');
select is_empty($$select 1 from trustcart.customer_interactions as i where i.task_id = 2$$, 'none for a pending one');
select throws_ok(
    $$insert into trustcart.customer_interactions (customer_id, interaction_type, task_id) values (1, 'call', 1)$$,
    '23505', null, 'a second one is impossible'
);

select * from finish();
rollback;
