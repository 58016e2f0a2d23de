-- The cap of an agent's day holds for pending calls of today and later, however they come; what was made is a fact.
begin;
select plan(31);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;
create function pg_temp.days() returns setof text language sql as $$
select format('%s %s %s/%s', d.agent_id, d.work_date - trustcart.business_date(), d.calls, d.max_calls)
from trustcart.agent_days as d where d.calls > 0 order by d.agent_id, d.work_date
$$;

update trustcart.settings set calls_per_agent_day = 3;
insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false),
(4, 'Manager', 'crm_manager', true);
insert into trustcart.customers (id, first_name) values (1, 'X');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, 1, 1, pg_temp.d(0) from generate_series(1001, 1003) as g (n);

select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(0))$$,
    'TC206', format('agent 1 has all 3 calls of %s', pg_temp.d(0)), 'one too many'
);
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
    select 1, 2, pg_temp.d(n) from generate_series(0, 1) as n, generate_series(1, 3 + n)$$,
    'TC206', format('agent 2 has all 3 calls of %s', pg_temp.d(1)), 'many at once'
);
select results_eq('select * from pg_temp.days()', array['1 0 3/3'], 'nothing half done');
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
    values (1, null, pg_temp.d(0)), (1, null, pg_temp.d(0))$$, 'the pool has no cap'
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date) values (1010, 1, 2, pg_temp.d(0));
select throws_ok(
    'update trustcart.crm_call_tasks set assigned_agent_id = 1 where id = 1010',
    'TC206', null, 'not by another assignment'
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date) values (1011, 1, 1, pg_temp.d(1));
select throws_ok(
    'update trustcart.crm_call_tasks set task_date = pg_temp.d(0) where id = 1011', 'TC206', null, 'nor by another day'
);
update trustcart.crm_call_tasks set started_at = now() where id = 1001;
update trustcart.crm_call_tasks set status = 'completed' where id = 1001;
update trustcart.crm_call_tasks set status = 'expired' where id = 1002;
select results_eq(
    'select * from pg_temp.days()', array['1 0 3/3', '1 1 1/3', '2 0 1/3'], 'made and expired calls keep their place'
);
update trustcart.crm_call_tasks set status = 'skipped' where id = 1002;
select lives_ok(
    'update trustcart.crm_call_tasks set task_date = pg_temp.d(0) where id = 1011', 'a skipped call frees its place'
);
select throws_ok(
    $$update trustcart.crm_call_tasks set status = 'pending' where id = 1002$$,
    'TC206', null, 'which is then taken'
);
update trustcart.crm_call_tasks set status = 'completed', assigned_agent_id = 1 where id = 1010;
select results_eq(
    'select * from pg_temp.days()', array['1 0 4/4'], 'a call made for another is counted beyond the cap'
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, status)
values (1012, 1, 1, pg_temp.d(0), 'completed');
select results_eq('select * from pg_temp.days()', array['1 0 5/5'], 'as is one inserted as completed');
update trustcart.crm_call_tasks set status = 'cancelled' where id = 1011;
select results_eq('select * from pg_temp.days()', array['1 0 4/5'], 'one less');
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(0))$$,
    'TC206', format('agent 1 has all 3 calls of %s', pg_temp.d(0)), 'what was made on top gives no room'
);
delete from trustcart.crm_call_tasks where id in (1001, 1012);
select results_eq('select * from pg_temp.days()', array['1 0 2/5'], 'deleted calls free their place');
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(0))$$,
    'for another'
);
update trustcart.settings set calls_per_agent_day = 1;
select lives_ok(
    $$update trustcart.crm_call_tasks set notes = 'x', priority = 'hot' where task_date = pg_temp.d(0)$$,
    'a lower cap refuses nothing that is there'
);
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(0))$$,
    'TC206', format('agent 1 has all 1 calls of %s', pg_temp.d(0)), 'but the next'
);
update trustcart.settings set calls_per_agent_day = 3;
select is_empty('select * from trustcart.check_agent_days()', 'the days are right');

-- days gone by
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
    select 1, a, pg_temp.d(-1) from unnest(array[1, 1, 1, 1, 3, 4]) as a$$,
    'what is loaded of past days is never refused'
);
select results_eq(
    'select * from pg_temp.days() as d (t) where t like ''% -1 %''', array['1 -1 4/4', '3 -1 1/3', '4 -1 1/3'],
    'but counted'
);
select throws_ok(
    $$update trustcart.crm_call_tasks set task_date = pg_temp.d(2) where task_date = pg_temp.d(-1)
    and assigned_agent_id = 3$$, 'TC201', 'user 3 is not an active crm_agent', 'what moves to today or later is looked at'
);

-- who is not there
insert into trustcart.agent_leave (agent_id, during) values (2, daterange(pg_temp.d(4), pg_temp.d(6)));
insert into trustcart.shop_holidays (holiday_on, name) values (pg_temp.d(6), 'Eid');
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 2, pg_temp.d(5))$$,
    'TC207', format('agent 2 is away on %s: on leave', pg_temp.d(5)), 'on leave'
);
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(6))$$,
    'TC207', format('agent 1 is away on %s: holiday: Eid', pg_temp.d(6)), 'a holiday'
);
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until)
values (1, extract(isodow from pg_temp.d(7)), '09:00', '17:00');
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(8))$$,
    'TC207', format('agent 1 is away on %s: not a working day', pg_temp.d(8)), 'another weekday'
);
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
    values (1, 2, pg_temp.d(5), 'completed'), (1, 4, pg_temp.d(5), 'completed'), (1, 2, pg_temp.d(4), 'cancelled')$$,
    'what an absent agent or a manager did is a fact'
);
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 3, pg_temp.d(1))$$,
    'TC201', 'user 3 is not an active crm_agent', 'one who left'
);
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 4, pg_temp.d(1))$$,
    'TC201', 'user 4 is not an active crm_agent', 'a manager'
);
select throws_ok(
    'update trustcart.crm_call_tasks set assigned_agent_id = 3 where assigned_agent_id is null',
    'TC201', null, 'the same by an update'
);
select is_empty('select * from trustcart.check_agent_days()', 'the days are right');
truncate trustcart.crm_call_tasks cascade;
select is_empty('select * from trustcart.agent_days', 'without calls no day has any');
select throws_ok(
    'insert into trustcart.agent_days (agent_id, work_date, calls, max_calls) values (1, pg_temp.d(1), 4, 3)',
    '23514', null, 'the table itself holds the cap'
);

select * from finish();
rollback;
