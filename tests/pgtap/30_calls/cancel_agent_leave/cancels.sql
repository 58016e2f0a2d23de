-- Without the leave the agent can be given calls of those days again.
begin;
select plan(5);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;

insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'X');
create temporary table leaves as select trustcart.add_agent_leave(1, pg_temp.d(1), pg_temp.d(2)) as id;
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(2))$$,
    'TC207', null, 'away'
);
select lives_ok('select trustcart.cancel_agent_leave(l.id) from leaves as l', 'cancelled');
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(2))$$,
    'there'
);
select throws_ok('select trustcart.cancel_agent_leave(l.id) from leaves as l', 'TC004', null, 'gone');
select throws_ok('select trustcart.cancel_agent_leave(null)', 'TC003', null, 'which?');

select * from finish();
rollback;
