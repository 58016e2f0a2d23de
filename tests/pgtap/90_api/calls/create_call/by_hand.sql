-- A call is made by hand, for a day or an hour.
begin;
select plan(9);

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'Mine', 1), (2, 'Not mine', 2);

select is(
    told('agent_one', $$select trustcart_api.create_call(1, 'follow_up', p_notes => 'asked for ghee', p_request_id => 'k')
    - 'id'$$)::jsonb,
    jsonb_build_object(
        'customer_id', 1, 'assigned_agent_id', 1, 'task_type', 'follow_up', 'priority', 'warm', 'task_date',
        trustcart.business_date(), 'status', 'pending', 'outcome', null, 'notes', 'asked for ghee', 'follow_up_date', null,
        'due_at', null, 'attempts', 0, 'started_at', null, 'completed_at', null
    ),
    'for today, of the customer''s agent'
);
select is(
    told('agent_one', $$select trustcart_api.create_call(1, 'follow_up', p_notes => 'asked for ghee', p_request_id => 'k')
    ->> 'id'$$),
    (select max(t.id)::text from trustcart.crm_call_tasks as t), 'sent twice it is made once'
);
select is((select count(*) from trustcart.crm_call_tasks), 1::bigint, 'one');
select is(
    (trustcart_api.create_call(1, null, 'hot', (trustcart.business_date() + 2)::text, '10:30') ->> 'due_at')::timestamptz,
    (trustcart.business_date() + 2 + time '10:30') at time zone 'Asia/Dhaka', 'at an hour of a day'
);
select is(told('agent_one', 'select trustcart_api.create_call(2)'), 'TC403', 'not of another''s customer');
select throws_ok('select trustcart_api.create_call(null)', 'TC003', null, 'of nobody');
select throws_ok($$select trustcart_api.create_call(1, 'chat')$$, 'TC002', null, 'no such type');
select throws_ok($$select trustcart_api.create_call(1, p_time => 'noon')$$, 'TC001', null, 'no hour');
select throws_ok($$select trustcart_api.create_call(1, p_task_date => '2001-01-01')$$, 'TC204', null, 'past');

select * from finish();
rollback;
