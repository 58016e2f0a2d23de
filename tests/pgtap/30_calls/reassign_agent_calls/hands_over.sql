-- An agent's open calls go to others by share, the most important first; what does not fit goes to the pool.
begin;
select plan(21);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;
create function pg_temp.owners(p_days integer) returns setof text language sql as $$
select format('%s:%s', t.id, coalesce(t.assigned_agent_id::text, 'pool'))
from trustcart.crm_call_tasks as t where t.task_date = pg_temp.d(p_days)
order by t.priority_rank, t.list_position nulls first, t.id
$$;

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'C', 'crm_agent', true),
(4, 'Left', 'crm_agent', false), (5, 'Manager', 'crm_manager', true);
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'X', 1), (2, 'Hindi', 1);
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select a.id, g.d, '09:00', '17:00', 8 - 2 * a.id
from trustcart.users as a cross join generate_series(1, 7) as g (d) where a.id in (2, 3);

-- today: B has 1 of 4, C none of 2
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position, status)
values (1, 1, 1, pg_temp.d(0), 'cold', 5, 'pending'), (2, 1, 1, pg_temp.d(0), 'hot', 2, 'pending'),
(3, 1, 1, pg_temp.d(0), 'hot', 1, 'pending'), (4, 1, 1, pg_temp.d(0), 'warm', null, 'pending'),
(5, 1, 1, pg_temp.d(0), 'warm', 4, 'pending'), (6, 1, 1, pg_temp.d(0), 'cold', 6, 'pending'),
(7, 1, 1, pg_temp.d(0), 'hot', null, 'pending'), (8, 1, 1, pg_temp.d(0), 'hot', 9, 'completed'),
(9, 1, 2, pg_temp.d(0), 'hot', 10, 'completed'), (10, 1, 1, pg_temp.d(-1), 'hot', null, 'pending'),
(11, 1, 1, pg_temp.d(1), 'hot', null, 'pending'), (12, 1, 1, pg_temp.d(2), 'hot', null, 'pending');
update trustcart.crm_call_tasks set started_at = now() where id = 7;
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now(), why_agent = 'the customer''s own agent' where id = 3;

select is(
    trustcart.reassign_agent_calls(1, pg_temp.d(-3), pg_temp.d(1), 'A is ill'),
    '{"reassigned": 6, "to_pool": 1}'::jsonb, 'six have room, one has not'
);
-- shares before each call: C 0/2, B 1/4, C 1/2, B 2/4, B 3/4; of equal ones the lower id
select results_eq(
    'select * from pg_temp.owners(0)',
    array['7:1', '3:3', '2:2', '8:1', '9:2', '4:2', '5:3', '1:2', '6:pool'],
    'in the order of the list to whose day is filled the least; begun and completed calls stay'
);
select results_eq('select * from pg_temp.owners(1)', array['11:2'], 'another day by itself');
select results_eq('select * from pg_temp.owners(2)', array['12:1'], 'not the day after the last');
select results_eq('select * from pg_temp.owners(-1)', array['10:1'], 'days gone by stay as they were');
select results_eq(
    'select claimed_by, claimed_at, why_agent from trustcart.crm_call_tasks where id = 3',
    $$values (null::bigint, null::timestamptz, 'A is ill')$$, 'a claim is given back; it says why'
);
select is(
    (select t.why_agent from trustcart.crm_call_tasks as t where t.id = 6), 'A is ill; nobody has room', 'and why nobody'
);
select results_eq(
    'select task_id, from_agent_id, to_agent_id, why from trustcart.crm_call_task_assignments order by task_id limit 2',
    $$values (1::bigint, 1::bigint, 2::bigint, 'A is ill'), (2, 1, 2, 'A is ill')$$, 'kept in the history'
);
select is((select c.assigned_agent_id from trustcart.customers as c where c.id = 1), 1::bigint, 'the customer stays');
select is_empty('select * from trustcart.check_agent_days()', 'the days are right');
select is(
    trustcart.reassign_agent_calls(1, pg_temp.d(0), pg_temp.d(1)), '{"reassigned": 0, "to_pool": 0}'::jsonb, 'once'
);
select is(
    trustcart.reassign_agent_calls(5, pg_temp.d(0), pg_temp.d(1)), '{"reassigned": 0, "to_pool": 0}'::jsonb,
    'of a manager there is nothing to hand over'
);

-- Only B speaks Hindi; C comes first by share.
insert into trustcart.customer_contact_preferences (customer_id, language) values (2, 'hi');
insert into trustcart.agent_languages (agent_id, language) values (3, 'bn');
insert into trustcart.agent_skills (agent_id, skill) values (2, 'sales');
update trustcart.call_task_types set required_skill = 'complaints' where task_type = 'congratulate_gold_member';
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, task_type)
values (20, 1, 1, pg_temp.d(5), 'hot', 'other'), (21, 2, 1, pg_temp.d(5), 'warm', 'other'),
(22, 2, 1, pg_temp.d(5), 'warm', 'other'), (23, 1, 1, pg_temp.d(5), 'cold', 'congratulate_gold_member'),
(24, 2, 1, pg_temp.d(5), 'cold', 'congratulate_gold_member');
select is(
    trustcart.reassign_agent_calls(1, pg_temp.d(5), pg_temp.d(5)), '{"reassigned": 4, "to_pool": 1}'::jsonb,
    'what nobody suits goes to the pool'
);
select results_eq(
    'select * from pg_temp.owners(5)', array['20:2', '21:2', '22:2', '23:3', '24:pool'],
    'language and skill before share'
);
select is(
    (select t.why_agent from trustcart.crm_call_tasks as t where t.id = 20), 'taken from agent 1', 'some reason'
);

select throws_ok('select trustcart.reassign_agent_calls(null, pg_temp.d(0), pg_temp.d(1))', 'TC003', null, 'whose?');
select throws_ok('select trustcart.reassign_agent_calls(9, pg_temp.d(0), pg_temp.d(1))', 'TC004', null, 'nobody');
select throws_ok('select trustcart.reassign_agent_calls(1, pg_temp.d(3), pg_temp.d(2))', 'TC005', null, 'backwards');
select throws_ok('select trustcart.reassign_agent_calls(1, pg_temp.d(-3), pg_temp.d(-4))', 'TC005', null, 'then too');
select throws_ok('select trustcart.reassign_agent_calls(1, null, pg_temp.d(2))', 'TC001', null, 'since when?');
select throws_ok($$select trustcart.reassign_agent_calls(1, pg_temp.d(0), 'infinity')$$, 'TC001', null, 'until when?');

select * from finish();
rollback;
