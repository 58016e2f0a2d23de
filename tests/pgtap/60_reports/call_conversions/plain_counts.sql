-- An order is counted once, for the latest call before it: no fan-out, on random data.
begin;
select plan(7);

select setseed(0.42);
update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name, role, is_active)
select n, 'Agent ' || n, case n when 910007 then 'crm_manager' else 'crm_agent' end, n <> 910006
from generate_series(910001, 910007) as n;
insert into trustcart.customers (id) select n from generate_series(910001, 910040) as n;
insert into trustcart.sales_orders (customer_id, order_date, ordered_at, total_amount, status)
select
    910001 + floor(random() * 40),
    d.order_date,
    case when random() < 0.5 then (d.order_date + interval '1 hour' * floor(random() * 24)) at time zone 'Asia/Dhaka' end,
    floor(random() * 10000),
    case when random() < 0.1 then 'cancelled' else 'delivered' end
from (select date '2031-01-01' + floor(random() * 100)::integer as order_date from generate_series(1, 400)) as d;
-- A history: the triggers would date every call today.
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, status, outcome, started_at, completed_at, closed_at
)
select
    910001 + floor(random() * 40),
    case when random() < 0.95 then 910001 + floor(random() * 5) end,
    x.task_date,
    x.status,
    case when x.status = 'completed' then (array['successful', 'no_answer', 'unsuccessful'])[1 + floor(random() * 3)] end,
    case when random() < 0.7 then x.closed_at - interval '1 second' * floor(random() * 900) end,
    case when x.status = 'completed' then x.closed_at end,
    case when x.status <> 'pending' then x.closed_at end
from (
    select
        d.task_date,
        (array['completed', 'completed', 'completed', 'pending', 'skipped', 'expired', 'cancelled', 'carried'])[
            1 + floor(random() * 8)
        ] as status,
        (d.task_date + interval '1 minute' * floor(random() * 2000)) at time zone 'Asia/Dhaka' as closed_at
    from (select date '2031-01-01' + floor(random() * 100)::integer as task_date from generate_series(1, 700)) as d
) as x;
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)
select
    910001 + floor(random() * 40),
    'sms',
    case when random() < 0.9 then 910001 + floor(random() * 7) end,
    timestamptz '2030-12-31 18:00+00' + interval '1 minute' * floor(random() * 144000)
from generate_series(1, 500);
insert into trustcart.crm_call_attempts (customer_id, agent_id, outcome, attempted_at)
select
    910001 + floor(random() * 40),
    case when random() < 0.9 then 910001 + floor(random() * 7) end,
    'no_answer',
    timestamptz '2030-12-31 18:00+00' + interval '1 minute' * floor(random() * 144000)
from generate_series(1, 600);


-- The definition, order by order and call by call.
create temporary table attributed as
select
    o.id as order_id,
    o.customer_id,
    o.total_amount,
    c.agent_id,
    c.called_on
from trustcart.sales_orders as o
inner join (
    select t.*, t.assigned_agent_id as agent_id, (t.completed_at at time zone 'Asia/Dhaka')::date as called_on
    from trustcart.crm_call_tasks as t where t.status = 'completed'
) as c
    on o.customer_id = c.customer_id and o.order_date between c.called_on and c.called_on + 7
    and (c.called_on < o.order_date or o.ordered_at is null or c.completed_at <= o.ordered_at)
where
    o.status = 'delivered' and o.customer_id > 910000
    and not exists (
        select from trustcart.crm_call_tasks as later
        where later.customer_id = o.customer_id and later.status = 'completed'
        and (later.completed_at, later.id) > (c.completed_at, c.id)
        and (later.completed_at at time zone 'Asia/Dhaka')::date <= o.order_date
        and (
            (later.completed_at at time zone 'Asia/Dhaka')::date < o.order_date or o.ordered_at is null
            or later.completed_at <= o.ordered_at
        )
    );

select cmp_ok((select count(*) from attributed)::integer, '>', 100, 'there is something to count');
select is(
    (select count(*) from attributed), (select count(distinct a.order_id) from attributed as a), 'each order has one call'
);
select bag_eq(
    $$select c.agent_id, c.calls, c.customers_called from trustcart.call_conversions('2031-01-20', '2031-02-20') as c
    where c.calls > 0$$,
    $$select t.assigned_agent_id, count(*) as calls, count(distinct t.customer_id) as customers from trustcart.crm_call_tasks as t
    where t.status = 'completed'
    and (t.completed_at at time zone 'Asia/Dhaka')::date between '2031-01-20' and '2031-02-20'
    group by t.assigned_agent_id$$,
    'calls and customers by agent, nobody''s too'
);
select bag_eq(
    $$select c.agent_id, c.orders, c.revenue, c.converted_customers
    from trustcart.call_conversions('2031-01-20', '2031-02-20') as c where c.orders > 0$$,
    $$select a.agent_id, count(*) as orders, sum(a.total_amount) as revenue, count(distinct a.customer_id) as customers from attributed as a
    where a.called_on between '2031-01-20' and '2031-02-20' group by a.agent_id$$,
    'orders and revenue by agent, each order once'
);
select is(
    (select sum(c.orders) from trustcart.call_conversions('2031-01-20', '2031-02-20') as c),
    (
        select sum(c.orders)
        from (values (date '2031-01-20', date '2031-02-01'), ('2031-02-02', '2031-02-20')) as p (first, last)
        cross join lateral trustcart.call_conversions(p.first, p.last) as c
    ),
    'two halves add up to the whole'
);
select is(
    (select sum(c.revenue) from trustcart.call_conversions('2031-01-01', '2031-04-20') as c),
    (select sum(a.total_amount) from attributed as a),
    'all agents together have all of the revenue'
);
select is(
    (select c.conversion_rate from trustcart.call_conversions('2031-01-20', '2031-02-20') as c where c.agent_id = 910001),
    (
        select round(
            100.0 * (
                select count(distinct a.customer_id) from attributed as a
                where a.agent_id = 910001 and a.called_on between '2031-01-20' and '2031-02-20'
            ) / count(distinct t.customer_id), 2
        )
        from trustcart.crm_call_tasks as t
        where t.assigned_agent_id = 910001 and t.status = 'completed'
        and (t.completed_at at time zone 'Asia/Dhaka')::date between '2031-01-20' and '2031-02-20'
    ),
    'converted of called customers'
);

select * from finish();
rollback;
