-- Leave is entered once, for an agent, forwards; the calls go to others at once.
begin;
select plan(16);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false),
(4, 'Manager', 'crm_manager', true);
insert into trustcart.customers (id, first_name) values (1, 'X');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select 100 + g.n, 1, 1, pg_temp.d(g.n) from generate_series(-1, 4) as g (n);

select isnt(trustcart.add_agent_leave(1, pg_temp.d(0), pg_temp.d(2), ' ill '), null, 'entered');
select results_eq(
    'select agent_id, during, reason from trustcart.agent_leave',
    $$values (1::bigint, daterange(pg_temp.d(0), pg_temp.d(3)), 'ill')$$, 'the last day is included'
);
select results_eq(
    'select assigned_agent_id from trustcart.crm_call_tasks order by task_date', array[1, 2, 2, 2, 1, 1]::bigint[],
    'the calls of those days go to others'
);
select is(
    (select t.why_agent from trustcart.crm_call_tasks as t where t.id = 100),
    format('agent 1 is on leave from %s to %s', pg_temp.d(0), pg_temp.d(2)), 'and say why'
);
select throws_ok(
    'select trustcart.add_agent_leave(1, pg_temp.d(2), pg_temp.d(9))',
    'TC210', format('agent 1 is on leave from %s to %s already', pg_temp.d(0), pg_temp.d(2)), 'twice on one day'
);
select throws_ok('select trustcart.add_agent_leave(1, pg_temp.d(1), pg_temp.d(1))', 'TC210', null, 'within');
select lives_ok('select trustcart.add_agent_leave(1, pg_temp.d(3), pg_temp.d(3))', 'the day after');
select lives_ok('select trustcart.add_agent_leave(2, pg_temp.d(-9), pg_temp.d(-8))', 'another''s, noted later');
select throws_ok(
    $$insert into trustcart.agent_leave (agent_id, during) values (1, daterange(pg_temp.d(1), pg_temp.d(2)))$$,
    '23P01', null, 'the table itself refuses'
);
select throws_ok('select trustcart.add_agent_leave(3, pg_temp.d(1), pg_temp.d(2))', 'TC201', null, 'one who left');
select throws_ok('select trustcart.add_agent_leave(4, pg_temp.d(1), pg_temp.d(2))', 'TC201', null, 'a manager');
select throws_ok('select trustcart.add_agent_leave(9, pg_temp.d(1), pg_temp.d(2))', 'TC004', null, 'nobody');
select throws_ok('select trustcart.add_agent_leave(null, pg_temp.d(1), pg_temp.d(2))', 'TC003', null, 'whose?');
select throws_ok(
    'select trustcart.add_agent_leave(1, pg_temp.d(1), null)', 'TC003', 'until is required', 'until when?'
);
select throws_ok('select trustcart.add_agent_leave(2, pg_temp.d(2), pg_temp.d(1))', 'TC005', null, 'backwards');
select throws_ok(
    $$select trustcart.add_agent_leave(2, pg_temp.d(2), 'infinity')$$, 'TC001', null, 'for ever'
);

select * from finish();
rollback;
