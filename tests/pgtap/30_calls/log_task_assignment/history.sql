-- Who owned a task when is known, whatever is transferred later.
begin;
select plan(8);

create function pg_temp.history() returns setof text language sql as $$
select concat_ws(' ', a.task_id, coalesce(a.from_agent_id::text, '-'), coalesce(a.to_agent_id::text, '-'), a.why)
from trustcart.crm_call_task_assignments as a order by a.id
$$;

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B'), (3, 'C');
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'X', 1);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, why_agent)
values (1, 1, 1, trustcart.business_date(), 'own'), (2, 1, 1, trustcart.business_date(), 'own');
select is_empty('select * from pg_temp.history()', 'the first owner is no change');
update trustcart.crm_call_tasks set status = 'completed', outcome = 'successful' where id = 1;
update trustcart.crm_call_tasks set assigned_agent_id = 1, notes = 'x';
select is_empty('select * from pg_temp.history()', 'nor is the same again');

update trustcart.customers set assigned_agent_id = 2 where id = 1;
select results_eq(
    'select assigned_agent_id from trustcart.crm_call_tasks order by id', array[1, 1]::bigint[],
    'a customer who goes to another agent leaves the calls where they are'
);
select is_empty('select * from pg_temp.history()', 'and nothing is noted');

update trustcart.crm_call_tasks set assigned_agent_id = 2, why_agent = 'asked for' where id = 2;
update trustcart.crm_call_tasks set assigned_agent_id = null where id = 2;
update trustcart.crm_call_tasks set assigned_agent_id = 3, why_agent = 'from the pool' where id = 2;
select results_eq(
    'select * from pg_temp.history()', array['2 1 2 asked for', '2 2 -', '2 - 3 from the pool'],
    'each change, with its reason and no older one'
);
select is_empty(
    'select * from trustcart.crm_call_task_assignments where changed_by <> session_user or changed_at <> now()',
    'who changed it, and when'
);
update trustcart.users set is_active = false where id = 1;
select is(
    (select t.assigned_agent_id from trustcart.crm_call_tasks as t where t.id = 1), 1::bigint,
    'a completed call stays with who made it'
);
delete from trustcart.customer_interactions;
delete from trustcart.crm_call_tasks where id = 2;
select is_empty('select * from pg_temp.history()', 'goes with its task');

select * from finish();
rollback;
