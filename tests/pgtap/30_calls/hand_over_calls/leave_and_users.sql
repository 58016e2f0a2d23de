-- However leave is entered and whoever stops being an agent: the open calls go to others in the same statement.
begin;
select plan(11);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;
create function pg_temp.owners() returns setof text language sql as $$
select format('%s:%s', t.id, coalesce(t.assigned_agent_id::text, 'pool')) from trustcart.crm_call_tasks as t order by t.id
$$;

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B'), (3, 'C');
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'X', 1);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (10, 1, 1, pg_temp.d(-1)), (11, 1, 1, pg_temp.d(0)), (12, 1, 1, pg_temp.d(1)), (13, 1, 1, pg_temp.d(2)),
(14, 1, 2, pg_temp.d(1)), (15, 1, 2, pg_temp.d(300));

insert into trustcart.agent_leave (agent_id, during) values (1, daterange(pg_temp.d(-2), pg_temp.d(1)));
select results_eq(
    'select * from pg_temp.owners()', array['10:1', '11:2', '12:1', '13:1', '14:2', '15:2'], 'a plain insert, from today'
);
update trustcart.agent_leave set during = daterange(pg_temp.d(-2), pg_temp.d(2));
select results_eq(
    'select * from pg_temp.owners()', array['10:1', '11:2', '12:3', '13:1', '14:2', '15:2'], 'longer: the days added'
);
insert into trustcart.agent_leave (agent_id, during) values (1, daterange(pg_temp.d(-5), pg_temp.d(-3)));
select is((select count(*) from trustcart.crm_call_task_assignments), 2::bigint, 'leave gone by moves nothing');

update trustcart.users set is_active = false where id = 2;
select results_eq(
    'select * from pg_temp.owners()', array['10:1', '11:3', '12:3', '13:1', '14:3', '15:1'],
    'who is deactivated has no calls of today or later; who is on leave gets none'
);
select is(
    (select t.why_agent from trustcart.crm_call_tasks as t where t.id = 14), 'agent 2 is no longer an active agent', 'why'
);
update trustcart.users set role = 'crm_manager' where id = 3;
select results_eq(
    'select * from pg_temp.owners()', array['10:1', '11:pool', '12:pool', '13:1', '14:pool', '15:1'],
    'another role; the only agent left is on leave'
);
select is((select c.assigned_agent_id from trustcart.customers as c where c.id = 1), 1::bigint, 'the customer stays');
update trustcart.users set name = 'A.', is_active = false where id = 1;
update trustcart.users set is_active = true where id in (1, 2);
select results_eq(
    'select * from pg_temp.owners()', array['10:1', '11:pool', '12:pool', '13:pool', '14:pool', '15:pool'],
    'nobody left; coming back takes nothing back'
);
insert into trustcart.agent_leave (agent_id, during)
values (1, daterange(pg_temp.d(20), pg_temp.d(21))), (2, daterange(pg_temp.d(20), pg_temp.d(21)));
select is(
    (select count(*) from trustcart.crm_call_tasks where assigned_agent_id is not null), 1::bigint, 'several at once'
);
select is_empty('select * from trustcart.check_agent_days()', 'the days are right');
select is_empty(
    $$select * from trustcart.crm_call_tasks as t
    where t.status = 'pending' and t.task_date >= pg_temp.d(0) and not exists (
        select from trustcart_private.agent_capacity(t.task_date) as c
        where c.agent_id = t.assigned_agent_id and c.absence is null
    ) and t.assigned_agent_id is not null$$,
    'no open call is with somebody who is away'
);

select * from finish();
rollback;
