-- The last outcome is taken back with all that it wrote; the task is as it was.
begin;
select plan(24);
set local client_min_messages = warning;

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name, phone) select g.n, 'C' || g.n, '0171234567' || g.n
from generate_series(1, 6) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() - 70, 500, 'delivered' from trustcart.customers as c;
select trustcart.detect_dropoffs();
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, notes)
select g.n, g.n, 1, trustcart.business_date(), 'As planned' from generate_series(1, 6) as g (n);
-- Customer 2 was written to as well.
insert into trustcart.customer_interactions (customer_id, interaction_type, direction) values (2, 'sms', 'outbound');
select trustcart.start_call_task(1, 1);
create temporary table before on commit drop as select t.* from trustcart.crm_call_tasks as t;

-- A completion, by another agent than the task's.
select trustcart.complete_call_task(
    1, 'successful', 'Ordered', trustcart.business_date() + 3, 2, '18:00', '20:00',
    '{"name": "Karima", "relationship": "spouse"}'
);
select is((trustcart.undo_call_outcome(1)).status, 'pending', 'a completion is undone');
select results_eq(
    $$select to_jsonb(t) - 'updated_at' from trustcart.crm_call_tasks as t where t.id = 1$$,
    $$select to_jsonb(b) - 'updated_at' from before as b where b.id = 1$$,
    'the task is as it was: agent, notes, date, claim and start'
);
select is_empty($$select 1 from trustcart.customer_interactions as i where i.task_id = 1$$, 'no interaction');
select is_empty($$select 1 from trustcart.crm_call_attempts as a where a.customer_id = 1$$, 'no attempt');
select is((select c.interactions_count from trustcart.customers as c where c.id = 1), 0, 'none is counted');
select is_empty(
    $$select 1 from trustcart_private.contact_days as d where d.customer_id = 1 and d.contacts > 0$$, 'nor as a contact'
);
select ok(
    (select not e.recovery_attempted from trustcart.customer_dropoff_tracking as e where e.customer_id = 1),
    'nobody tried to recover the customer'
);
select is((select f.name from trustcart.customer_family_members as f where f.customer_id = 1), 'Karima', 'family stays');
select is(
    (select p.preferred_from from trustcart.customer_contact_preferences as p where p.customer_id = 1), '18:00',
    'and so do the hours'
);
select throws_ok($$select trustcart.undo_call_outcome(1)$$, 'TC108', null, 'once only');
select lives_ok($$select trustcart.complete_call_task(1, 'no_answer')$$, 'and it can be completed again');
select is((select count(*) from trustcart.crm_call_attempts as a where a.task_id = 1), 1::bigint, 'with one attempt');

-- Another contact of the episode still counts.
select trustcart.complete_call_task(2, 'successful');
select trustcart.undo_call_outcome(2);
select ok(
    (select e.recovery_attempted from trustcart.customer_dropoff_tracking as e where e.customer_id = 2),
    'the message was an attempt of its own'
);

-- A skip.
select trustcart.skip_call_task(3, 'closed', 'shop closed', 'none');
select trustcart.undo_call_outcome(3);
select results_eq(
    $$select to_jsonb(t) - 'updated_at' from trustcart.crm_call_tasks as t where t.id = 3$$,
    $$select to_jsonb(b) - 'updated_at' from before as b where b.id = 3$$, 'a skip is undone'
);

-- An attempt that left the task pending: the last, not those before.
update trustcart.crm_call_tasks set task_date = '2150-06-01' where id = 4;
select trustcart.log_call_attempt(4, 'no_answer', 'first', p_at => '2150-06-01 10:00+06');
select trustcart.log_call_attempt(4, 'busy', 'second', p_at => '2150-06-01 13:00+06');
select results_eq(
    $$select t.due_at, t.notes from trustcart.undo_call_outcome(4, '2150-06-01 13:05+06') as t$$,
    $$values (timestamptz '2150-06-01 13:00+06', 'first')$$, 'due as the first attempt left it'
);
select results_eq(
    $$select a.outcome from trustcart.crm_call_attempts as a where a.task_id = 4$$, array['no_answer'], 'which stays'
);
select throws_ok(
    $$select trustcart.undo_call_outcome(4, '2150-06-01 13:06+06')$$, 'TC108', null, 'one step back, no more'
);

-- A wrong number.
select trustcart.complete_call_task(5, 'wrong_number');
select is((select count(*) from trustcart.customer_phone_flags as f where f.customer_id = 5), 1::bigint, 'flagged');
select trustcart.undo_call_outcome(5, p_request_id => 'k');
select is((select count(*) from trustcart.customer_phone_flags as f where f.customer_id = 5), 0::bigint, 'no more');
select trustcart.complete_call_task(5, 'successful');
select is((trustcart.undo_call_outcome(5, p_request_id => 'k')).status, 'completed', 'the same request undoes nothing again');

select trustcart.complete_call_task(6, 'successful');
select throws_ok(
    $$select trustcart.undo_call_outcome(6, now() + interval '11 minutes')$$, 'TC108', null, 'after ten minutes it is too late'
);
select lives_ok($$select trustcart.undo_call_outcome(6, now() + interval '9 minutes')$$, 'before, it is not');
select throws_ok($$select trustcart.undo_call_outcome(null)$$, 'TC003', 'task_id is required', 'no task');
select throws_ok($$select trustcart.undo_call_outcome(99)$$, 'TC004', null, 'unknown task');

select * from finish();
rollback;
