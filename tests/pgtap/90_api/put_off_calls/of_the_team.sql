begin;
select plan(9);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Elsewhere', null, 'crm_agent', null);
insert into trustcart.customers (id) select g from generate_series(101, 108) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority)
select
    1000 + g,
    100 + g,
    (array[1, 3, 5, null])[1 + g % 4],
    trustcart.business_date(),
    case when g <= 4 then 'hot' else 'cold' end
from generate_series(1, 8) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (2001, 108, 1, trustcart.business_date() + 3);

select is(
    told('leader', 'select trustcart_api.put_off_calls()::text')::jsonb - 'to',
    '{"rescheduled": 2, "not_fitting": 0, "already_planned": 0}', 'the hot calls of the team'
);
select results_eq(
    $$select t.id from trustcart.crm_call_tasks as t where t.status = 'carried' order by t.id$$,
    array[1001, 1004]::bigint[], 'not another team''s, nor the pool''s'
);
select is(
    told(
        'leader',
        $$select trustcart_api.put_off_calls(
            null, '{cold}', null, to_char(trustcart.business_date() + 3, 'YYYY-MM-DD')
        )::text$$
    )::jsonb,
    jsonb_build_object(
        'rescheduled', 1, 'to', trustcart.business_date() + 3, 'not_fitting', 0, 'already_planned', 1
    ), 'other priorities, to another day; one is called on that day already'
);
select is(told('leader', 'select trustcart_api.put_off_calls(5)'), 'TC403', 'not another team''s');
select is(told('agent_one', 'select trustcart_api.put_off_calls(1)'), 'TC403', 'nor an agent here');
select is(
    (told('boss', $$select trustcart_api.put_off_calls(null, '{hot,warm,cold}')::text$$)::jsonb - 'to'),
    '{"rescheduled": 5, "not_fitting": 0, "already_planned": 0}', 'a manager all of the shop, the pool included'
);
select throws_ok($$select trustcart_api.put_off_calls(null, '{lukewarm}')$$, 'TC002', null, 'no priority');
select throws_ok($$select trustcart_api.put_off_calls(null, '{}')$$, 'TC003', null, 'none');
select throws_ok($$select trustcart_api.put_off_calls(p_to => '2020-01-01')$$, 'TC204', null, 'into the past');

select * from finish();
rollback;
