begin;
select plan(10);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Elsewhere', null, 'crm_agent', null);
insert into trustcart.customers (id) values (101);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1001, 101, 1, trustcart.business_date());

select is(
    told('leader', $$select (trustcart_api.enter_leave(1, trustcart.business_date()::text) - 'id')::text$$)::jsonb,
    jsonb_build_object('agent_id', 1, 'from', trustcart.business_date(), 'until', trustcart.business_date()),
    'a day, when no last one is given'
);
select isnt(
    (select t.assigned_agent_id from trustcart.crm_call_tasks as t where t.id = 1001), 1::bigint, 'the call went to others'
);
insert into trustcart.customers (id) select n from generate_series(201, 208) as n;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
select n, 1, trustcart.business_date() + 1 from generate_series(201, 208) as n;
select is(
    told(
        'leader',
        $$select trustcart_api.enter_leave(1, (trustcart.business_date() + 1)::text) is not null
        and not exists (select from trustcart.crm_call_tasks as t where t.assigned_agent_id = 5)$$
    ) || (select count(*) from trustcart.crm_call_tasks as t where t.assigned_agent_id = 5),
    'true0', 'what a leader gives away stays in the team'
);
select is(told('leader', $$select trustcart_api.enter_leave(5, '2150-01-01')$$), 'TC403', 'not another team''s');
select is(told('agent_one', $$select trustcart_api.enter_leave(1, '2150-01-01')$$), 'TC403', 'not an agent''s own');
select is(
    told('boss', $$select trustcart_api.enter_leave(5, '2150-01-01', '2150-01-05', 'hajj') ->> 'until'$$),
    '2150-01-05', 'a manager anybody''s'
);
select throws_ok($$select trustcart_api.enter_leave(5, '2150-01-05')$$, 'TC210', null, 'on leave already');
select throws_ok($$select trustcart_api.enter_leave(null, '2150-01-05')$$, 'TC003', 'agentId is required', 'whose');
select throws_ok($$select trustcart_api.enter_leave(5, ' ')$$, 'TC003', 'from is required', 'from when');
select throws_ok($$select trustcart_api.enter_leave(4, '2150-02-05')$$, 'TC201', null, 'a manager makes no calls');

select * from finish();
rollback;
