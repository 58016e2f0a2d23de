-- Put off, a call goes to the customer's own agent where that one works, suits and has room; else as it was.
begin;
select plan(4);

insert into trustcart.users (id, name) values (1, 'Own'), (2, 'Stands in'), (3, 'Third');
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g.n, 'C' || g.n, 1 from generate_series(1, 6) as g (n);
update trustcart.settings set calls_per_agent_day = 10;
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select 1, g.n, '09:00', '18:00', 2 from generate_series(1, 7) as g (n);
insert into trustcart.agent_languages (agent_id, language) values (1, 'bn');
insert into trustcart.customer_contact_preferences (customer_id, language) values (1, 'hi');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position)
select g.n, g.n, case when g.n < 6 then 2 end, trustcart.business_date(), 'hot', g.n from generate_series(1, 6) as g (n);
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 1000);

select is(
    trustcart.reschedule_call_tasks(null, trustcart.business_date() + 1) -> 'rescheduled', '6', 'all have a place'
);
select results_eq(
    $$select t.predecessor_id, t.assigned_agent_id, t.why_agent from trustcart.crm_call_tasks as t
    where t.predecessor_id is not null order by t.predecessor_id$$,
    $$values
    (1::bigint, 2::bigint, 'had the call before'), (2, 1, 'the customer''s own agent'),
    (3, 1, 'the customer''s own agent'), (4, 2, 'had the call before'), (5, 2, 'had the call before'),
    (6, null, 'had the call before')$$,
    'not where the language is another''s, first come while the day has room, then as before, the pool last'
);

-- The own agent is away, whoever had the call too.
insert into trustcart.agent_leave (agent_id, during)
select g.n, daterange(trustcart.business_date() + 2, trustcart.business_date() + 2, '[]') from generate_series(1, 2) as g (n);
update trustcart.crm_call_tasks set priority = 'hot' where predecessor_id is not null;
select trustcart.reschedule_call_tasks(2, trustcart.business_date() + 2, '{hot}', trustcart.business_date() + 1);
select results_eq(
    $$select distinct t.assigned_agent_id from trustcart.crm_call_tasks as t
    where t.task_date = trustcart.business_date() + 2 and t.status = 'pending'$$,
    array[3]::bigint [], 'both away: somebody else'
);
select is_empty($$select 1 from trustcart.agent_days as d where d.calls > d.max_calls$$, 'no day is overfull');

select * from finish();
rollback;
