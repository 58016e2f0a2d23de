begin;
select plan(7);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g, 'C' || g, case when g % 4 = 0 then 1 end from generate_series(1, 70) as g;
insert into trustcart.call_waiting_list (customer_id, waiting_since, ended_on)
select g, trustcart.business_date() - g % 9, case when g > 60 then trustcart.business_date() + 1 end
from generate_series(1, 70) as g;
create function tap.page(p_login text, p_arguments text) returns jsonb language sql as $$
select told(p_login, format('select trustcart_api.page_team_waiting(%s)::text', p_arguments))::jsonb
$$;

select is(
    tap.page('boss', '') #> '{rows,0}',
    jsonb_build_object(
        'customer_id', 8, 'customer_name', 'C8', 'customer_type', null, 'lifecycle_stage', 'prospect',
        'total_spend', 0.00, 'waiting_since', trustcart.business_date() - 8, 'days', 8, 'agent_name', 'One'
    ),
    'who waits longest is first'
);
select results_eq(
    $$select (x ->> 'customer_id')::bigint from jsonb_array_elements(tap.page('boss', '') -> 'rows') as x$$,
    $$select w.customer_id from trustcart.call_waiting_list as w where w.ended_on is null
    order by w.waiting_since, w.customer_id limit 50$$, 'fifty'
);
select results_eq(
    $$select (x ->> 'customer_id')::bigint from tap.page('boss', '') as p cross join lateral jsonb_array_elements(
        tap.page('boss', format('%L, %s', p #>> '{next_after,date}', p #>> '{next_after,id}')) -> 'rows'
    ) as x$$,
    $$select w.customer_id from trustcart.call_waiting_list as w where w.ended_on is null
    order by w.waiting_since, w.customer_id offset 50$$, 'and the rest'
);
select is((tap.page('boss', '') ->> 'customers')::integer, 60, 'counted');
select results_eq(
    $$select (x ->> 'customer_id')::bigint from jsonb_array_elements(tap.page('leader', '') -> 'rows') as x$$,
    $$select w.customer_id from trustcart.call_waiting_list as w where w.ended_on is null and w.customer_id % 4 = 0
    order by w.waiting_since, w.customer_id$$, 'a leader: of the team''s customers'
);
select is((tap.page('leader', '') ->> 'customers')::integer, 15, 'counted alike');
select is(told('agent_one', 'select trustcart_api.page_team_waiting()'), 'TC403', 'an agent without a team');

select * from finish();
rollback;
