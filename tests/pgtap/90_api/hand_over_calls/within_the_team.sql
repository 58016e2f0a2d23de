begin;
select plan(11);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Elsewhere', null, 'crm_agent', null);
insert into trustcart.customers (id) select g from generate_series(101, 120) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select 1000 + g, 100 + g, 1, trustcart.business_date() + g / 11 from generate_series(1, 20) as g;

-- Two and the leader each have room for three; Elsewhere for many.
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select a, d, '09:00', '17:00', 3 from unnest(array[2, 3]) as a cross join generate_series(1, 7) as d;

select is(
    told('leader', $$select trustcart_api.hand_over_calls(1, p_why => 'ill')::text$$)::jsonb,
    '{"reassigned": 6, "to_pool": 4}', 'today, to the team as far as it has room, the rest to the pool'
);
select results_eq(
    $$select t.assigned_agent_id, count(*) from trustcart.crm_call_tasks as t
    where t.task_date = trustcart.business_date() group by 1 order by 1$$,
    $$values (2::bigint, 3::bigint), (3, 3), (null, 4)$$, 'nobody of another team got one'
);
select is(
    (select count(*) from trustcart.crm_call_tasks as t where t.assigned_agent_id = 1), 10::bigint, 'tomorrow stays'
);
select is(told('leader', 'select trustcart_api.hand_over_calls(5)'), 'TC403', 'not another team''s');
select is(told('agent_one', 'select trustcart_api.hand_over_calls(1)'), 'TC403', 'an agent hands nothing over');
select is(
    told(
        'boss',
        'select trustcart_api.hand_over_calls(1, null, to_char(trustcart.business_date() + 1, ''YYYY-MM-DD''))::text'
    )::jsonb,
    '{"reassigned": 10, "to_pool": 0}', 'of a manager the whole shop takes them; from today when not said'
);
select is(
    (
        select count(*) from trustcart.crm_call_tasks as t
        where t.assigned_agent_id = 5 and t.task_date = trustcart.business_date() + 1
    ),
    8::bigint, 'by share of the day that each has'
);
select throws_ok('select trustcart_api.hand_over_calls(null)', 'TC003', 'agentId is required', 'whose');
select throws_ok($$select trustcart_api.hand_over_calls(1, 'x')$$, 'TC001', null, 'no date');
select throws_ok(
    $$select trustcart_api.hand_over_calls(1, '2020-01-01', '2020-01-02')$$, 'TC204', null, 'what is past stays'
);
select throws_ok(
    $$select trustcart_api.hand_over_calls(1, '2150-01-02', '2150-01-01')$$, 'TC005', null, 'ends before it begins'
);

select * from finish();
rollback;
