-- A double click, or a request sent again, does not log a call twice.
begin;
select plan(9);

insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, 1, 1, trustcart.business_date() from generate_series(1, 4) as g (n);

select is(
    (trustcart.complete_call_task(1, 'successful', 'Honey', p_family_member => '{"name": "K", "relationship": "child"}',
    p_request_id => 'a')).status, 'completed', 'first'
);
select is(
    (trustcart.complete_call_task(1, 'successful', 'Honey', p_family_member => '{"name": "K", "relationship": "child"}',
    p_request_id => 'a')).status, 'completed', 'again, the same answer'
);
select is((select count(*) from trustcart.customer_interactions), 1::bigint, 'one interaction');
select is((select count(*) from trustcart.customer_family_members), 1::bigint, 'one family member');
select throws_ok(
    $$select trustcart.complete_call_task(1, 'no_answer', p_request_id => 'a')$$, 'TC106', null, 'another outcome is another'
);
select throws_ok($$select trustcart.skip_call_task(2, p_request_id => 'a')$$, 'TC106', null, 'so is another function');

select trustcart.log_call_attempt(2, 'no_answer', p_at => now() + interval '1 second', p_request_id => 'b');
select trustcart.log_call_attempt(2, 'no_answer', p_at => now() + interval '2 seconds', p_request_id => 'b');
select is((select count(*) from trustcart.crm_call_attempts as a where a.task_id = 2), 1::bigint, 'one attempt');
select trustcart.skip_call_task(3, 'x', p_request_id => 'c');
select is((trustcart.skip_call_task(3, 'x', p_request_id => 'c')).status, 'skipped', 'a skip too');
select trustcart.start_call_task(4, p_request_id => 'd');
select trustcart.skip_call_task(4);
select is((trustcart.start_call_task(4, p_request_id => 'd')).status, 'skipped', 'the task as it is, and no error');

select * from finish();
rollback;
