-- The holdout: left out of the list but for what they asked for, and compared with the rest.
begin;
select plan(11);

insert into trustcart.customers (id)
select g from generate_series(1, 400) as g;
-- All are in for a call as new customers.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-06-20', 100, 'delivered' from generate_series(1, 400) as g;

select is_empty(
    $$select * from trustcart.plan_daily_call_tasks('2025-06-30') as p where p.why = 'held out'$$, 'by default: nobody'
);
update trustcart.settings set call_holdout_share = 0.25;
create temporary table planned as
select p.customer_id, p.decision, p.why from trustcart.plan_daily_call_tasks('2025-06-30') as p;
select ok(
    (select count(*) filter (where p.why = 'held out') between 70 and 130 from planned as p), 'a quarter of them, by chance'
);
select set_eq(
    $$select p.customer_id from planned as p where p.why = 'held out'$$,
    $$select p.customer_id from trustcart.plan_daily_call_tasks('2025-07-03') as p where p.why = 'held out'$$,
    'the same ones on every day'
);

-- Somebody held out asked for a call.
insert into trustcart.customer_interactions (
    customer_id, interaction_type, direction, outcome, interaction_date, follow_up_date
)
select p.customer_id, 'call', 'inbound', 'successful', '2025-06-25 10:00+06', '2025-06-30'
from planned as p where p.why = 'held out' order by p.customer_id limit 1;
select results_eq(
    $$
    select q.decision, q.task_type
    from trustcart.plan_daily_call_tasks('2025-06-30') as q
    where q.customer_id = (select min(p.customer_id) from planned as p where p.why = 'held out')
    $$,
    $$values ('kept'::text, 'follow_up'::text)$$, 'who asked for a call gets it'
);

select trustcart.generate_daily_call_tasks('2025-06-30');
select trustcart.generate_daily_call_tasks('2025-06-30');
select results_eq(
    $$select count(*), min(h.task_type), max(h.task_date) from trustcart.call_holdouts as h$$,
    $$select count(*) - 1, 'new_customer', date '2025-06-30' from planned as p where p.why = 'held out'$$,
    'the day''s list writes down who was left out, once'
);

-- Half of the called order for 300, every tenth of the held out for 100; one order is too late.
create temporary table arms as
select t.customer_id, true as is_called, row_number() over (order by t.customer_id) as n
from trustcart.crm_call_tasks as t where t.task_type = 'new_customer'
union all
select h.customer_id, false, row_number() over (order by h.customer_id) from trustcart.call_holdouts as h;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select a.customer_id, date '2025-07-10', case when a.is_called then 300 else 100 end, 'delivered'
from arms as a where a.n % case when a.is_called then 2 else 10 end = 0;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select a.customer_id, date '2025-07-28', 9999, 'delivered' from arms as a where a.n = 1;

create temporary table effect as
select * from trustcart.call_effect('2025-06-01', '2025-06-30', 28);
select results_eq(
    $$select e.called_customers, e.held_out_customers, e.called_buyers, e.held_out_buyers from effect as e$$,
    $$select count(*) filter (where a.is_called), count(*) filter (where not a.is_called),
    count(*) filter (where a.is_called and a.n % 2 = 0), count(*) filter (where not a.is_called and a.n % 10 = 0)
    from arms as a$$,
    'who is in which arm, and who bought within the days'
);
select results_eq(
    $$select e.buyers_lift_low, e.buyers_lift_high from effect as e$$,
    $$select round(i.i[1]::numeric, 4), round(i.i[2]::numeric, 4) from effect as e, lateral (
    select trustcart.newcombe_interval(e.called_buyers, e.called_customers, e.held_out_buyers, e.held_out_customers)) as i (i)$$,
    'with Newcombe''s interval'
);
select results_eq(
    $$select e.revenue_per_called, e.revenue_per_held_out, e.revenue_of_calling from effect as e$$,
    $$select round(300.0 * e.called_buyers / e.called_customers, 2), round(100.0 * e.held_out_buyers / e.held_out_customers, 2),
    round((300.0 * e.called_buyers / e.called_customers - 100.0 * e.held_out_buyers / e.held_out_customers)
    * e.called_customers, 2) from effect as e$$,
    'and in money'
);
select ok(
    (select e.revenue_lift_low > 0 and e.orders_lift_low > 0 and e.revenue_lift_low < e.revenue_lift from effect as e),
    'a difference this large is no chance'
);
select results_eq(
    $$select e.called_customers, e.held_out_customers, e.revenue_lift, e.revenue_lift_low
    from trustcart.call_effect('2024-01-01', '2024-01-31') as e$$,
    'values (0::bigint, 0::bigint, null::numeric, null::numeric)', 'without calls there is nothing to say'
);
select throws_ok($$select trustcart.call_effect('2025-06-30', '2025-06-01')$$, 'TC005', null, 'the period');

select * from finish();
rollback;
