-- The list of a day, as the agent dashboard shows it.
begin;
select plan(20);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', null),
(4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.customers (id, first_name, last_name) select g.n, 'C' || g.n, 'X' from generate_series(1, 12) as g (n);
-- About four in the morning, so that there are hours of today before and after now.
update trustcart.settings
set time_zone = (
    select z.name from pg_timezone_names as z
    where z.name ~ '^Etc/GMT[+-][0-9]+$' and (now() at time zone z.name)::time between '03:00' and '04:30'
    limit 1
);
insert into trustcart.crm_call_tasks
(id, customer_id, assigned_agent_id, task_date, priority, list_position, due_at, call_from, call_until)
values
(1, 1, 1, trustcart.business_date(), 'cold', 1, null, null, null),
(2, 2, 1, trustcart.business_date(), 'warm', 1, null, null, null),
(3, 3, 1, trustcart.business_date(), 'hot', 2, null, null, null),
(4, 4, 1, trustcart.business_date(), 'hot', 1, null, null, null),
(5, 5, 1, trustcart.business_date(), 'cold', null, now() + interval '2 hours', null, null),
(6, 6, 1, trustcart.business_date(), 'hot', null, now() - interval '1 hour', null, null),
(7, 7, 1, trustcart.business_date(), 'cold', 2, null, now() + interval '1 hour', null),
(8, 8, 1, trustcart.business_date(), 'cold', 3, null, null, now() - interval '1 minute'),
(9, 9, 2, trustcart.business_date(), 'hot', 1, null, null, null),
(10, 10, 1, trustcart.business_date() - 1, 'hot', 1, null, null, null),
(11, 11, 1, trustcart.business_date(), 'cold', 4, null, null, null),
(12, 12, null, trustcart.business_date(), 'hot', 1, null, null, null);
select trustcart.complete_call_task(11, 'successful - two jars');
create temporary table page as select told('agent_one', 'select trustcart_api.page_agent_list(1)')::jsonb as p;

select is((select jsonb_path_query_array(g.p, '$.promised[*].id') from page as g), '[6, 5]', 'promised, by the hour');
select is((select jsonb_path_query_array(g.p, '$.promised[*].is_due') from page as g), '[true, false]', 'whose hour has come');
select is(
    (select jsonb_path_query_array(g.p, '$.open[*].id') from page as g), '[4, 3, 2, 1, 7, 8]',
    'the rest: hot, warm, cold, as the plan lists them'
);
select is((select jsonb_path_query_array(g.p, '$.settled[*].id') from page as g), '[11]', 'what is done');
select ok(
    (select g.p #> '{settled,0}' from page as g) @> '{
        "name": "C11 X", "customer_id": 11, "status": "completed", "outcome": "successful - two jars", "can_undo": true
    }',
    'with its outcome'
);
select isnt((select g.p #>> '{open,4,call_from}' from page as g), null, 'which waits for its hour');
select is((select g.p #>> '{open,5,is_over}' from page as g), 'true', 'whose hours are over');
select is(
    (select g.p -> 'counts' from page as g) - 'next_at',
    '{"pending": 8, "hot": 3, "warm": 1, "cold": 4, "completed": 1, "skipped": 0, "successful": 1, "promised": 2,
    "waiting": 2, "last_outcome_id": 11}',
    'the counts'
);
select is(
    (select (g.p #>> '{counts,next_at}')::timestamptz from page as g), date_trunc('second', now() + interval '1 hour'),
    'when the next that waits comes up'
);
select is(
    (select g.p #> '{figures,day}' from page as g) - 'avg_call_duration',
    '{"total_tasks": 9, "completed_tasks": 1, "successful_calls": 1, "completion_rate": 11.11, "success_rate": 100,
    "attempts": 1, "skipped": 0}',
    'the guide''s figures'
);
select ok(
    (select g.p @> '{"agent": {"id": 1, "name": "One", "is_self": true}, "is_today": true, "in_hand_id": null}' from page as g),
    'whose list'
);

select trustcart.claim_next_call(1);
select is(told('boss', $$select trustcart_api.page_agent_list(1) -> 'in_hand_id'$$), '6', 'what is in hand');
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 12;
select is(
    told('agent_one', $$select jsonb_path_query_array(trustcart_api.page_agent_list(1), '$.open[*].id')$$),
    '[4, 12, 3, 2, 1, 7, 8]',
    'what was claimed from the pool is on the list'
);
select is(
    told(
        'agent_one',
        $$select jsonb_path_query_array(
            trustcart_api.page_agent_list(1, (trustcart.business_date() - 1)::text), '$.open[*].id'
        )$$
    ),
    '[10]', 'another day'
);
select is(told('leader', $$select trustcart_api.page_agent_list(1) #>> '{agent,is_self}'$$), 'false', 'a leader looks on');
select is(told('boss', $$select trustcart_api.page_agent_list(2) #>> '{open,0,id}'$$), '9', 'so does a manager');
select is(told('agent_one', 'select trustcart_api.page_agent_list(2)'), 'TC403', 'another agent does not');
select throws_ok('select trustcart_api.page_agent_list(null)', 'TC003', null, 'whose?');
select is(told('boss', 'select trustcart_api.page_agent_list(4)'), 'TC004', 'a manager has no list');
select is(told('boss', $$select trustcart_api.page_agent_list(1, 'soon')$$), 'TC001', 'no date');

select * from finish();
rollback;
