begin;
select plan(13);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null);
select is(
    told('boss', 'select trustcart_api.page_team() #>> ''{agents,0,agent_id}'''), '3', 'who leads nobody is an agent too'
);
insert into trustcart.users (id, name, role) values (5, 'Elsewhere', 'crm_agent');
insert into trustcart.customers (id) select g from generate_series(101, 104) as g;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
select g, 1 + 4 * (g % 2), trustcart.business_date() from generate_series(101, 104) as g;
insert into trustcart.agent_leave (id, agent_id, during, reason) values
(901, 3, daterange(trustcart.business_date(), trustcart.business_date() + 2), 'ill'),
(902, 5, daterange(trustcart.business_date() + 5, trustcart.business_date() + 6), null),
(903, 1, daterange(trustcart.business_date() - 5, trustcart.business_date()), 'past');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select 1, d, '09:30', '17:00', 40 from generate_series(1, 7) as d;

select results_eq(
    $$select x.agent_id, x.absence, x.works_from, x.max_calls, x.calls, x.room
    from jsonb_to_recordset(told('boss', 'select trustcart_api.page_team() ->> ''agents''')::jsonb) as x (
        agent_id bigint, absence text, works_from text, max_calls integer, calls integer, room integer
    ) order by 1$$,
    $$select a.agent_id, a.absence, to_char(a.works_from, 'HH24:MI'), a.max_calls, a.calls, a.room
    from trustcart.agent_availability() as a order by 1$$,
    'a manager: as agent_availability() says'
);
select is(
    jsonb_path_query_array(told('leader', 'select trustcart_api.page_team()::text')::jsonb, '$.agents[*].agent_id'),
    '[3, 1]', 'a leader: the team, by name'
);
select is(
    told('leader', 'select trustcart_api.page_team() #>> ''{leaves,items}''')::jsonb,
    jsonb_build_array(
        jsonb_build_object(
            'id', 901, 'agent_id', 3, 'agent_name', 'Leader', 'from', trustcart.business_date(),
            'until', trustcart.business_date() + 1, 'reason', 'ill', 'is_now', true
        )
    ),
    'leave of today and later, of the team'
);
select is(
    jsonb_path_query_array(told('boss', 'select trustcart_api.page_team()::text')::jsonb, '$.leaves.items[*].id'),
    '[901, 902]', 'a manager: of all'
);
select is(told('agent_one', 'select trustcart_api.page_team()'), 'TC403', 'an agent without a team');
select is(
    told('boss', $$select trustcart_api.page_team('weekly', '2025-12-18') - '{frame,agents,leaves}'::text[]$$)::jsonb
    - array['tomorrow', 'next_working_day'],
    '{"period": "weekly", "day": "2025-12-18", "from": "2025-12-15", "to": "2025-12-21", "whole_to": "2025-12-21",
    "previous_from": "2025-12-08", "previous_to": "2025-12-14", "next_from": "2025-12-22", "is_running": false,
    "is_future": false, "holiday": null, "is_whole_shop": true}', 'a week gone by, and the ways to its neighbours'
);
select is(
    told('boss', $$select trustcart_api.page_team('monthly')
    - '{frame,agents,leaves,from,to,whole_to,previous_from,previous_to}'::text[]$$)::jsonb
    - array['tomorrow', 'next_working_day', 'day', 'holiday'],
    '{"period": "monthly", "next_from": null, "is_running": true, "is_future": false, "is_whole_shop": true}',
    'the running month has no next one'
);
insert into trustcart.shop_holidays (holiday_on, name) values (trustcart.business_date() + 40, 'Eid');
select is(
    told('boss', $$select x ->> 'holiday' || (x #>> '{agents,0,absence}') || (x ->> 'is_future')
    from trustcart_api.page_team('daily', (trustcart.business_date() + 40)::text) as x$$),
    'Eidholiday: Eidtrue', 'a holiday to come'
);
select throws_ok($$select trustcart_api.page_team('yearly')$$, 'TC402', null, 'nobody is signed in');
select is(told('boss', $$select trustcart_api.page_team('yearly')$$), 'TC002', 'no such period');
select is(told('boss', $$select trustcart_api.page_team('daily', '2025-02-30')$$), 'TC001', 'no date');
select is(told('boss', $$select trustcart_api.page_team(' ', ' ') ->> 'period'$$), 'daily', 'blank is not given');

select * from finish();
rollback;
