-- Who works, how much is given, how much room is left.
begin;
select plan(3);

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false), (4, 'C', 'crm_agent', true);
insert into trustcart.customers (id, first_name) values (1, 'X');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select 1, g.d, '09:00', '17:30', 5 from generate_series(1, 7) as g (d);
insert into trustcart.agent_leave (agent_id, during)
values (2, daterange(trustcart.business_date(), trustcart.business_date() + 1));
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
values (1, 1, trustcart.business_date(), 'pending'), (1, 1, trustcart.business_date(), 'completed'),
(1, 1, trustcart.business_date(), 'skipped'), (1, 1, trustcart.business_date() + 1, 'pending'),
(1, 2, trustcart.business_date(), 'completed');

select results_eq(
    $$select agent_id, agent_name, work_date, works_from, works_until, absence, max_calls, calls, room
    from trustcart.agent_availability()$$,
    $$values (1::bigint, 'A', trustcart.business_date(), '09:00'::time, '17:30'::time, null, 5, 2, 3),
    (2, 'B', trustcart.business_date(), null, null, 'on leave', 0, 1, 0),
    (4, 'C', trustcart.business_date(), null, null, null, 1000, 0, 1000)$$,
    'today: skipped calls take no place; who is away has no room, whatever was done'
);
select results_eq(
    $$select agent_id, calls, room from trustcart.agent_availability(trustcart.business_date() + 1)$$,
    $$values (1::bigint, 1, 4), (2, 0, 1000), (4, 0, 1000)$$,
    'tomorrow'
);
select throws_ok($$select * from trustcart.agent_availability(null)$$, 'TC001', null, 'no date');

select * from finish();
rollback;
