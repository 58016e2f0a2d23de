-- The plan's counts and rows are those of plan_daily_call_tasks().
begin;
select plan(20);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Five', null, 'crm_agent', null);
-- 101 to 240 ordered once, up to 80 days ago; every third is One's, the rest nobody's; of two, one refused calls.
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g, 'C' || g, case when g % 3 = 0 then 1 end from generate_series(101, 240) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select g, trustcart.business_date() - 1 - g % 80, 10 * g from generate_series(101, 240) as g;
select trustcart.record_consent(c.id, 'call', false, 'asked') from trustcart.customers as c where c.id in (102, 105);
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select a, d, '09:00', '17:00', 5 from unnest(array[1, 3, 5]) as a cross join generate_series(1, 7) as d;

create temporary table planned as
select * from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1);
create function tap.page(p_login text, p_arguments text) returns jsonb language sql as $$
select told(p_login, format('select trustcart_api.page_team_plan(%s)::text', p_arguments))::jsonb
$$;

select cmp_ok((select count(*) from planned as p where p.decision = 'dropped'), '>', 20::bigint, 'there is more than room');
select results_eq(
    $$select x ->> 'day', (x ->> 'kept')::bigint, (x ->> 'dropped')::bigint from tap.page('boss', '') as x$$,
    $$select (trustcart.business_date() + 1)::text, count(*) filter (where p.decision = 'kept'),
        count(*) filter (where p.decision = 'dropped') from planned as p$$,
    'of tomorrow, when no date is given'
);
select results_eq(
    $$select (x ->> 'customer_id')::bigint, x ->> 'customer_name', (x ->> 'agent_id')::bigint, x ->> 'why',
        x ->> 'why_agent' from jsonb_array_elements(tap.page('boss', '') -> 'rows') as x$$,
    $$select p.customer_id, 'C' || p.customer_id, p.agent_id, p.why, p.why_agent
    from planned as p where p.decision = 'kept' order by p.list_position$$,
    'whom, by whom, and why, in the order of the list'
);
select results_eq(
    $$select (x ->> 'customer_id')::bigint, x ->> 'why'
    from jsonb_array_elements(tap.page('boss', 'p_decision => ''dropped''') -> 'rows') as x$$,
    $$select p.customer_id, p.why from planned as p where p.decision = 'dropped'
    order by p.list_position nulls last, p.priority_rank, p.total_spend desc, p.customer_id limit 50$$,
    'who is dropped, and why'
);
select results_eq(
    $$select x ->> 'reason', (x ->> 'customers')::bigint from jsonb_array_elements(tap.page('boss', '') -> 'by_reason') as x$$,
    $$select trustcart.drop_reason(p.why, p.task_type), count(*) from planned as p where p.decision = 'dropped'
    group by 1 order by 2 desc, 1$$,
    'counted by reason'
);
select results_eq(
    $$select x ->> 'task_type', (x ->> 'calls')::bigint, (x ->> 'warm')::bigint
    from jsonb_array_elements(tap.page('boss', '') -> 'by_type') as x$$,
    $$select p.task_type, count(*), count(*) filter (where p.priority = 'warm') from planned as p
    where p.decision = 'kept' group by 1 order by 2 desc, 1$$,
    'and by type and priority'
);
select results_eq(
    $$select (x ->> 'agent_id')::bigint, (x ->> 'calls')::bigint, (x ->> 'max_calls')::integer
    from jsonb_array_elements(tap.page('boss', '') -> 'agents') as x order by 1$$,
    $$select a.agent_id, (select count(*) from planned as p where p.agent_id = a.agent_id), a.max_calls
    from trustcart.agent_availability(trustcart.business_date() + 1) as a order by 1$$,
    'by agent, with what the day holds'
);
select results_eq(
    $$select distinct (x ->> 'agent_id')::bigint from jsonb_array_elements(tap.page('boss', 'p_agent_id => 5') -> 'rows') as x$$,
    array[5::bigint], 'of one agent'
);
update trustcart.agent_working_hours set max_calls = 40;
select results_eq(
    $$select (x ->> 'next_after')::integer, jsonb_array_length(x -> 'rows') from tap.page('boss', '') as x$$,
    $$values (50, 50)$$, 'fifty a page'
);
select is(
    (
        select count(distinct x ->> 'customer_id')
        from (
            select jsonb_array_elements(tap.page('boss', '') -> 'rows') as x
            union all
            select jsonb_array_elements(tap.page('boss', 'p_after => 50') -> 'rows')
        ) as y
    ),
    (tap.page('boss', '') ->> 'kept')::bigint, 'the next page goes on'
);
select is(tap.page('boss', 'p_after => 50') -> 'next_after', 'null'::jsonb, 'and is the last');

update trustcart.agent_working_hours set max_calls = 10;
truncate planned;
insert into planned select * from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1);
select is(
    (tap.page('leader', '') ->> 'kept')::bigint, (select count(*) from planned as p where p.agent_id in (1, 3)),
    'a leader: the calls planned for the team'
);
select is(
    (tap.page('leader', '') ->> 'dropped')::bigint,
    (
        select count(*) from planned as p
        where p.decision = 'dropped' and p.customer_id in (
            select v.customer_id from trustcart_private.customers_of_agents as v where v.agent_id in (1, 3)
        )
    ),
    'and the team''s customers dropped'
);
select ok(
    (
        select bool_and((x -> 'customer_id' = 'null') = (x -> 'is_visible' = 'false')) and bool_or(x -> 'is_visible' = 'false')
        from jsonb_array_elements(tap.page('leader', '') -> 'rows') as x
    ),
    'who is not the team''s yet has no name'
);
select is_empty(
    $$select x from jsonb_array_elements(tap.page('leader', '') -> 'rows') as x
    where x ->> 'customer_name' is not null and not exists (
        select from trustcart_private.customers_of_agents as v
        where v.agent_id in (1, 3) and v.customer_id = (x ->> 'customer_id')::bigint
    )$$,
    'and no name is told of anybody else'
);
select is(told('leader', 'select trustcart_api.page_team_plan(p_agent_id => 5)'), 'TC403', 'not another team''s');
select is(told('agent_one', 'select trustcart_api.page_team_plan()'), 'TC403', 'an agent without a team');
select is(told('boss', $$select trustcart_api.page_team_plan(p_decision => 'maybe')$$), 'TC002', 'no decision');
select is(told('boss', $$select trustcart_api.page_team_plan(p_after => -1)$$), 'TC005', 'before the first');
select is(told('boss', $$select trustcart_api.page_team_plan('soon')$$), 'TC001', 'no date');

select * from finish();
rollback;
