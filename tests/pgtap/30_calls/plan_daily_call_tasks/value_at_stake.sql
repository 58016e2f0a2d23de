-- Within a priority the calls that could keep most come first, and stay when there is too little room.
begin;
select plan(9);

insert into trustcart.users (id, name, role) values (1, 'Agent', 'crm_agent');
update trustcart.settings set calls_per_agent_day = 5;
insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
-- Rhythms and silences of all kinds, nobody a vip; all at risk or inactive by the guide's bands.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-06-30' - 60 - g.id % 25 - o.k * (3 + g.id % 7 * 4), 100 + g.id * 20, 'delivered'
from generate_series(1, 60) as g (id)
cross join lateral generate_series(0, g.id % 5) as o (k);

select is_empty(
    $$select * from trustcart.plan_daily_call_tasks('2025-06-30') as p where p.value_at_stake is not null$$,
    'without a model there is no number'
);
create temporary table by_bands as
select p.customer_id, p.decision, p.list_position from trustcart.plan_daily_call_tasks('2025-06-30') as p;

select trustcart.fit_customer_model(null, '2025-06-28');
update trustcart.customer_models set fitted_on = '2025-06-29';
create temporary table by_value as
select * from trustcart.plan_daily_call_tasks('2025-06-30');

select is_empty(
    $$select * from by_value as p where p.list_position is not null and p.value_at_stake is null$$, 'the plan shows the number'
);
select results_eq(
    $$select p.customer_id from by_value as p where p.list_position is not null order by p.list_position$$,
    $$select p.customer_id from by_value as p where p.list_position is not null
    order by p.priority_rank, p.value_at_stake desc, p.total_spend desc, p.customer_id$$,
    'within a priority by the value at stake'
);
select isnt_empty(
    $$select * from by_value as v inner join by_bands as b using (customer_id) where v.list_position <> b.list_position$$,
    'which is another order than that of the bands'
);
select results_eq(
    $$select p.customer_id from by_value as p where p.decision = 'kept' order by p.list_position$$,
    $$select p.customer_id from by_value as p where p.list_position is not null order by p.list_position limit 5$$,
    'and the first ones are kept'
);
select results_eq(
    $$
    select p.value_at_stake from by_value as p where p.list_position is not null order by p.customer_id
    $$,
    $$
    select round(s.expected_value_90_days * (1 - s.p_alive)::numeric, 2)
    from trustcart.customer_models as m
    cross join lateral trustcart_private.score_customers(m, '2025-06-30', null) as s
    where s.customer_id in (select p.customer_id from by_value as p where p.list_position is not null)
    order by s.customer_id
    $$,
    'the number is that of the score: expected value times the probability to be gone'
);

-- Scored or not, before or after: the same plan.
select trustcart.refresh_customer_scores('2025-06-30');
select set_eq(
    $$select p.customer_id, p.value_at_stake, p.list_position from trustcart.plan_daily_call_tasks('2025-06-30') as p$$,
    $$select p.customer_id, p.value_at_stake, p.list_position from by_value as p$$, 'the stored scores change nothing'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-06-30', 1000, 'delivered' from generate_series(1, 60, 3) as g;
select trustcart.refresh_customer_behavior('2025-07-01');
select trustcart.refresh_customer_scores('2025-07-01');
select set_eq(
    $$select p.customer_id, p.value_at_stake, p.list_position from trustcart.plan_daily_call_tasks('2025-06-30') as p$$,
    $$select p.customer_id, p.value_at_stake, p.list_position from by_value as p$$,
    'planned again later, with later orders, it is the morning''s list'
);
update trustcart.settings set call_order = 'bands';
select set_eq(
    $$select p.customer_id, p.decision, p.list_position from trustcart.plan_daily_call_tasks('2025-06-30') as p$$,
    $$select b.customer_id, b.decision, b.list_position from by_bands as b$$, 'the switch goes back to the bands'
);

select * from finish();
rollback;
