-- Whoever has no room, or is away, hands over; what nobody has room for stays, and is said.
begin;
select plan(6);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 9) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position)
select g.n, g.n, 1, trustcart.business_date(), 'hot', 10 - g.n from generate_series(1, 6) as g (n);
update trustcart.settings set calls_per_agent_day = 2;
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 1000);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
values (9, 2, trustcart.business_date() + 1);

select is(
    trustcart.reschedule_call_tasks(1, trustcart.business_date() + 1),
    jsonb_build_object('rescheduled', 3, 'to', trustcart.business_date() + 1, 'not_fitting', 3, 'already_planned', 0), 'as many as fit'
);
select results_eq(
    $$select t.predecessor_id, t.assigned_agent_id from trustcart.crm_call_tasks as t
    where t.predecessor_id is not null order by t.id$$,
    $$values (6::bigint, 1::bigint), (5, 1), (4, 2)$$, 'in the order of the list, first to the same agent'
);
select is(
    (select t.why_agent from trustcart.crm_call_tasks as t where t.predecessor_id = 4),
    format('agent 1 is away or has no room on %s', trustcart.business_date() + 1), 'and why to another'
);
select is_empty($$select 1 from trustcart.agent_days as d where d.calls > d.max_calls$$, 'no day is overfull');

insert into trustcart.agent_leave (agent_id, during)
values (1, daterange(trustcart.business_date() + 2, trustcart.business_date() + 2, '[]'));
select is(
    trustcart.reschedule_call_tasks(1, trustcart.business_date() + 2) -> 'rescheduled', '2', 'who is away hands over'
);
select results_eq(
    $$select distinct t.assigned_agent_id from trustcart.crm_call_tasks as t
    where t.task_date = trustcart.business_date() + 2$$,
    array[2]::bigint [], 'to who is there'
);

select * from finish();
rollback;
