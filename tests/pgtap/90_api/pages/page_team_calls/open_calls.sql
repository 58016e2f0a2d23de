begin;
select plan(13);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Five', null, 'crm_agent', null);
insert into trustcart.customers (id, first_name) select g, 'C' || g from generate_series(1, 150) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position)
select
    g, g, case when g <= 120 then 1 when g <= 130 then 5 end, trustcart.business_date(),
    (array['hot', 'warm', 'cold'])[1 + g % 3], case when g % 5 <> 0 then g end
from generate_series(1, 150) as g;
update trustcart.crm_call_tasks set status = 'skipped' where id in (4, 8);
update trustcart.crm_call_tasks set claimed_by = 3, claimed_at = now(), started_at = now() where id = 140;
create function tap.page(p_login text, p_arguments text) returns jsonb language sql as $$
select told(p_login, format('select trustcart_api.page_team_calls(%s)::text', p_arguments))::jsonb
$$;

create temporary table pages as
with recursive p as (
    select tap.page('boss', '1') as page
    union all
    select tap.page('boss', '1, null, ' || (p.page ->> 'next_after')) from p where p.page ->> 'next_after' is not null
)
select row_number() over () as n, p.page from p;
select is((select count(*) from pages), 3::bigint, 'three pages of 118');
select results_eq(
    $$select (x ->> 'id')::bigint from pages as p cross join lateral jsonb_array_elements(p.page -> 'rows')
    with ordinality as x (x, m) order by p.n, x.m$$,
    $$select t.id from trustcart.crm_call_tasks as t where t.assigned_agent_id = 1 and t.status = 'pending'
    order by t.priority_rank, t.list_position nulls first, t.id$$,
    'each open call once, in the order of the list'
);
select is((select p.page -> 'rows' -> 0 ->> 'customer_name' from pages as p where p.n = 1), 'C15', 'with its customer');
update trustcart.crm_call_tasks set assigned_agent_id = 5
where id = (select (p.page ->> 'next_after')::bigint from pages as p where p.n = 1);
select is(
    tap.page('boss', '1, null, ' || (p.page ->> 'next_after')) #> '{rows,0,id}',
    (select n.page #> '{rows,0,id}' from pages as n where n.n = 2),
    'the next page goes on where it was, though that call is another''s now'
)
from pages as p where p.n = 1;

select is(
    jsonb_path_query_array(tap.page('boss', ''), '$.rows[*].id') @> '[131, 140, 150]', true, 'those of nobody: a manager'
);
select is(
    (
        select x - 'id' - 'due_at' - 'first_planned_on' - 'why_agent' - 'priority'
        from jsonb_array_elements(tap.page('boss', '') -> 'rows') as x where (x ->> 'id')::bigint = 140
    ),
    '{"customer_id": 140, "customer_name": "C140", "task_type": "other", "claimed_by": 3, "claimed_by_name": "Leader",
    "is_begun": true}', 'and who has begun it'
);
select is(told('leader', 'select trustcart_api.page_team_calls()'), 'TC003', 'a leader names one of the team');
select is(
    jsonb_path_query_array(tap.page('leader', '1'), '$.others[*].agent_id'), '[3]', 'and hands over within it'
);
select is(told('leader', 'select trustcart_api.page_team_calls(5)'), 'TC403', 'not another team''s');
select is(told('agent_one', 'select trustcart_api.page_team_calls(1)'), 'TC403', 'an agent without a team');
select is(told('boss', 'select trustcart_api.page_team_calls(99)'), 'TC004', 'no such agent');
select is(told('boss', 'select trustcart_api.page_team_calls(1, ''x'')'), 'TC001', 'no date');
select is(
    tap.page('boss', '1, ' || quote_literal(trustcart.business_date() + 1)) -> 'rows', '[]'::jsonb, 'none tomorrow yet'
);

select * from finish();
rollback;
