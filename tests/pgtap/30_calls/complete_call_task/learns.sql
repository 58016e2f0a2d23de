-- What was learned in the call is kept with it: preferred hours, a family member, a wrong number.
begin;
select plan(14);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name, phone, mobile)
values (1, 'Rahim', '01712345678', null), (2, 'Karim', '01812345678', '01912345678'),
(3, 'Selim', null, null);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, case when g.n < 3 then 1 else 3 end, case when g.n <> 3 then 1 end, trustcart.business_date()
from generate_series(1, 4) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, 2, 1, trustcart.business_date() from generate_series(5, 6) as g (n);

select trustcart.complete_call_task(
    1, 'successful', p_preferred_from => '18:00', p_preferred_until => '20:00',
    p_family_member => '{"name": "Karima", "relationship": "spouse", "date_of_birth": "1990-05-17"}'
);
select results_eq(
    $$select p.preferred_from, p.preferred_until from trustcart.customer_contact_preferences as p where p.customer_id = 1$$,
    $$values (time '18:00', time '20:00')$$, 'the hours'
);
select is((select f.name from trustcart.customer_family_members as f where f.customer_id = 1), 'Karima', 'the family');
select throws_ok(
    $$select trustcart.complete_call_task(2, 'successful', p_preferred_from => '18:00')$$, 'TC005', null, 'half of the hours'
);
select throws_ok(
    $$select trustcart.complete_call_task(2, 'successful', p_family_member => '{"nam": "x"}')$$, 'TC002', null, 'unknown key'
);
select throws_ok(
    $$select trustcart.complete_call_task(2, 'successful', p_family_member => '{"name": "x"}')$$, 'TC003', null, 'half a person'
);
select throws_ok(
    $$select trustcart.complete_call_task(
        2, 'successful', p_family_member => '{"name": "x", "relationship": "child", "date_of_birth": "2025-13-40"}'
    )$$,
    'TC001', null, 'no date'
);
select is((select t.status from trustcart.crm_call_tasks as t where t.id = 2), 'pending', 'refused is unchanged');

-- From the pool it becomes the task of who claimed it; another agent's claim does not keep anybody from completing.
select trustcart.claim_next_call(2);
select is((trustcart.complete_call_task(3, 'successful')).assigned_agent_id, 2::bigint, 'the claimant''s');
select trustcart.start_call_task(4, 1);
select is((trustcart.complete_call_task(4, 'successful', p_agent_id => 2)).assigned_agent_id, 2::bigint, 'always completes');

insert into trustcart.customers (id) values (70);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (70, 70, 1, trustcart.business_date());
select trustcart.start_call_task(70, 2);
select is((trustcart.complete_call_task(70, 'successful')).assigned_agent_id, 2::bigint, 'whose it is, who began it made it');

-- A wrong number, in whatever way the task was completed.
select trustcart.complete_call_task(5, 'wrong_number - a pharmacy');
select results_eq(
    $$select f.phone, f.task_id from trustcart.customer_phone_flags as f where f.customer_id = 2$$,
    $$values ('+8801812345678', 5::bigint)$$, 'is flagged'
);
update trustcart.crm_call_tasks set notes = 'a pharmacy, in fact' where id = 5;
select is((select count(*) from trustcart.customer_phone_flags), 1::bigint, 'once a call');
update trustcart.crm_call_tasks set status = 'completed', outcome = 'wrong_number' where id = 6;
select results_eq(
    $$select f.phone, f.task_id from trustcart.customer_phone_flags as f where f.task_id = 6$$,
    $$values ('+8801912345678', 6::bigint)$$, 'by a plain update, the other number'
);
update trustcart.crm_call_tasks set outcome = 'no_answer' where id = 6;
select is_empty($$select 1 from trustcart.customer_phone_flags as f where f.task_id = 6$$, 'corrected, it is not');

select * from finish();
rollback;
