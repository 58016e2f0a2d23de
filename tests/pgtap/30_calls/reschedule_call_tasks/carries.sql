-- The evening's "reschedule urgent tasks for tomorrow": closed as carried, with a successor.
begin;
select plan(17);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 20) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date, priority, notes, reasons)
values
(1, 1, 1, 'follow_up', trustcart.business_date(), 'hot', 'Asked for honey', '[{"task_type": "follow_up"}]'),
(2, 2, 1, 'other', trustcart.business_date(), 'hot', null, '[]'),
(3, 3, 1, 'other', trustcart.business_date(), 'warm', null, '[]'),
(4, 4, 2, 'other', trustcart.business_date(), 'hot', null, '[]'),
(5, 5, 1, 'other', trustcart.business_date(), 'hot', null, '[]'),
(6, 6, 1, 'other', trustcart.business_date(), 'hot', null, '[]'),
(7, 7, null, 'other', trustcart.business_date(), 'hot', null, '[]');
update trustcart.crm_call_tasks set list_position = 9 - id;
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 1000);
select trustcart.start_call_task(2, 1);
select trustcart.skip_call_task(5);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (100, 6, 2, trustcart.business_date() + 1);

select is(
    trustcart.reschedule_call_tasks(1, trustcart.business_date() + 1),
    jsonb_build_object('rescheduled', 1, 'to', trustcart.business_date() + 1, 'not_fitting', 0, 'already_planned', 1),
    'an agent''s hot calls that nobody has begun'
);
select results_eq(
    $$select t.status, t.close_reason, t.assigned_agent_id from trustcart.crm_call_tasks as t where t.id = 1$$,
    $$values ('carried', format('rescheduled for %s', trustcart.business_date() + 1), 1::bigint)$$, 'closed as carried'
);
select results_eq(
    $$select t.customer_id, t.assigned_agent_id, t.task_type, t.priority, t.notes, t.source, t.status, t.task_date,
        t.first_planned_on, t.list_position
    from trustcart.crm_call_tasks as t where t.predecessor_id = 1$$,
    $$values (1::bigint, 1::bigint, 'follow_up', 'hot', 'Asked for honey', 'carried', 'pending',
    trustcart.business_date() + 1, trustcart.business_date(), null::integer)$$, 'its successor is the same call'
);
select is(
    (select t.reasons from trustcart.crm_call_tasks as t where t.predecessor_id = 1),
    jsonb_build_array(
        jsonb_build_object('task_type', 'follow_up'),
        jsonb_build_object(
            'task_type', 'follow_up', 'carried_from', jsonb_build_array(1), 'first_planned_on', trustcart.business_date()
        )
    ),
    'and says where it comes from'
);
select results_eq(
    $$select t.id from trustcart.crm_call_tasks as t where t.status = 'pending' and t.task_date = trustcart.business_date()
    order by t.id$$,
    array[2, 3, 4, 6, 7]::bigint [], 'begun, of another priority, another''s, and called tomorrow anyway: as they are'
);

-- Of all, from a manager, with a key.
select is(
    trustcart.reschedule_call_tasks(null, trustcart.business_date() + 1, '{hot,warm}', p_request_id => 'k'),
    jsonb_build_object('rescheduled', 3, 'to', trustcart.business_date() + 1, 'not_fitting', 0, 'already_planned', 1), 'those of all'
);
select is(
    (select t.assigned_agent_id from trustcart.crm_call_tasks as t where t.predecessor_id = 7), null,
    'what was nobody''s stays in the pool'
);
select is(
    trustcart.reschedule_call_tasks(null, trustcart.business_date() + 1, '{hot,warm}', p_request_id => 'k') -> 'rescheduled',
    '3', 'the same request, the same answer'
);
select is(
    (select count(*) from trustcart.crm_call_tasks as t where t.source = 'carried'), 4::bigint, 'and nothing is doubled'
);
select throws_ok(
    $$select trustcart.reschedule_call_tasks(1, p_request_id => 'k')$$, 'TC106', null, 'another request has another key'
);

-- Carried on, it keeps the day it was first planned for.
select trustcart.reschedule_call_tasks(1, trustcart.business_date() + 2, p_task_date => trustcart.business_date() + 1);
select results_eq(
    $$select t.first_planned_on from trustcart.crm_call_tasks as t
    where t.customer_id = 1 and t.task_date = trustcart.business_date() + 2$$,
    array[trustcart.business_date()], 'its age counts from there'
);

select throws_ok($$select trustcart.reschedule_call_tasks(99)$$, 'TC004', null, 'unknown agent');
select throws_ok($$select trustcart.reschedule_call_tasks(1, trustcart.business_date())$$, 'TC204', null, 'to the same day');
select throws_ok($$select trustcart.reschedule_call_tasks(1, p_priorities => '{urgent}')$$, 'TC002', null, 'unknown priority');
select throws_ok($$select trustcart.reschedule_call_tasks(1, p_priorities => '{}')$$, 'TC003', null, 'no priority');
select throws_ok($$select trustcart.reschedule_call_tasks(1, 'infinity')$$, 'TC001', null, 'no date');
select is(
    trustcart.reschedule_call_tasks(2) ->> 'to', trustcart_private.next_working_day(trustcart.business_date())::text,
    'without a date, the next working day'
);

select * from finish();
rollback;
