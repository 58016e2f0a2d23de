begin;
select plan(8);

select setseed(0.3);
create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Five', null, 'crm_agent', null), (6, 'Idle', null, 'crm_agent', null);
insert into trustcart.customers (id) select n from generate_series(101, 130) as n;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 101 + floor(random() * 30), date '2026-01-25' + floor(random() * 35)::integer, floor(random() * 5000), 'delivered'
from generate_series(1, 300);
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, status, outcome, completed_at, closed_at
)
select 101 + floor(random() * 30), (array[1, 2, 5, null])[1 + floor(random() * 4)], d.day, 'completed', 'successful',
    (d.day + interval '10 hours') at time zone 'Asia/Dhaka', (d.day + interval '10 hours') at time zone 'Asia/Dhaka'
from (select date '2026-01-25' + floor(random() * 28)::integer as day from generate_series(1, 200)) as d;
-- Long ago: no customer is an agent's by now.
create function tap.page(p_login text) returns jsonb language sql as $$
select told(p_login, 'select trustcart_api.page_team_conversions(''weekly'', ''2026-02-11'')::text')::jsonb
$$;

select results_eq(
    $$select x.agent_id, x.calls, x.customers_called, x.converted_customers, x.orders, x.revenue, x.orders_change,
        x.revenue_change
    from jsonb_to_recordset(tap.page('boss') -> 'agents') as x (
        agent_id bigint, calls bigint, customers_called bigint, converted_customers bigint, orders bigint,
        revenue numeric, orders_change bigint, revenue_change numeric
    ) order by 1$$,
    $$select n.agent_id, n.calls, n.customers_called, n.converted_customers, n.orders, n.revenue,
        n.orders - p.orders, n.revenue - p.revenue
    from trustcart.call_conversions('2026-02-09', '2026-02-15') as n
    join trustcart.call_conversions('2026-02-02', '2026-02-08') as p on n.agent_id is not distinct from p.agent_id
    where n.calls > 0 or p.calls > 0
    order by 1$$,
    'agents, and nobody, with the step from the week before'
);
select results_eq(
    $$select x.name, x.value, x.previous from jsonb_to_recordset(tap.page('boss') -> 'totals') as x (
        name text, value numeric, previous numeric
    )$$,
    $$select m.name, m.value, m.previous
    from (select sum(calls) c, sum(orders) o, sum(revenue) r
        from trustcart.call_conversions('2026-02-09', '2026-02-15')) as n,
    (select sum(calls) c, sum(orders) o, sum(revenue) r
        from trustcart.call_conversions('2026-02-02', '2026-02-08')) as p
    cross join lateral (values ('calls', n.c, p.c), ('orders', n.o, p.o), ('revenue', n.r, p.r),
        ('revenue_a_call', round(n.r / n.c, 2), round(p.r / p.c, 2))) as m (name, value, previous)$$,
    'totals'
);
select is(
    tap.page('leader') -> 'agents',
    (
        select jsonb_agg(x order by n) from jsonb_array_elements(tap.page('boss') -> 'agents') with ordinality as x (x, n)
        where (x ->> 'agent_id')::bigint in (1, 2, 3)
    ),
    'a leader reads of the team what a manager does, also of customers who are nobody''s now'
);
select is(tap.page('boss') -> 'is_open', 'false'::jsonb, 'a week after it no order is added');
select is(told('boss', 'select trustcart_api.page_team_conversions() ->> ''is_open'''), 'true', 'to today''s calls some may be');
select is(told('agent_one', 'select trustcart_api.page_team_conversions()'), 'TC403', 'an agent without a team');
select is(told('boss', $$select trustcart_api.page_team_conversions('hourly')$$), 'TC002', 'no such period');
select is(told('boss', $$select trustcart_api.page_team_conversions(null, 'x')$$), 'TC001', 'no date');

select * from finish();
rollback;
