-- Each value is its own plain count, of both periods, on random data.
begin;
select plan(6);

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


update trustcart.customer_dropoff_tracking set recovery_attempted = true where customer_id > 910000;
create temporary view told as
select * from trustcart_private.period_report('2031-02-10', '2031-02-23', '2031-01-20', '2031-02-02');
create temporary view wanted as
select p.is_now, p.first, p.last
from (values (true, date '2031-02-10', date '2031-02-23'), (false, '2031-01-20', '2031-02-02')) as p (is_now, first, last);

select results_eq(
    $$select t.section, t.metric, t.value, t.previous from told as t limit 1$$,
    $$values ('Period', 'Days', 14::numeric, 14::numeric)$$, 'it says which period it is'
);
select bag_eq(
    $$select t.metric, t.value, t.previous from told as t where t.section = 'Calls' and t.metric !~ '[%]|Minutes|ontacts|ttempts'$$,
    $$select m.metric, count(*) filter (where w.is_now and m.yes)::numeric as now,
        count(*) filter (where not w.is_now and m.yes)::numeric as before
    from trustcart.crm_call_tasks as t
    inner join wanted as w on t.task_date between w.first and w.last
    cross join lateral (
        values ('Call tasks', true), ('Completed', t.status = 'completed'), ('Successful', t.outcome like 'successful%'),
        ('Carried over', t.status = 'carried'), ('Expired', t.status = 'expired'), ('Skipped', t.status = 'skipped'),
        ('Cancelled', t.status = 'cancelled'), ('Still pending', t.status = 'pending')
    ) as m (metric, yes)
    group by m.metric$$,
    'tasks, nobody''s too, by what became of them'
);
select bag_eq(
    $$select t.metric, t.value, t.previous from told as t where t.metric in ('Attempts to call', 'Contacts of all channels')$$,
    $$select 'Attempts to call', count(*) filter (where w.is_now)::numeric as now,
        count(*) filter (where not w.is_now)::numeric as before
    from trustcart.crm_call_attempts as a
    inner join wanted as w on (a.attempted_at at time zone 'Asia/Dhaka')::date between w.first and w.last
    union all
    select 'Contacts of all channels', count(*) filter (where w.is_now)::numeric,
        count(*) filter (where not w.is_now)::numeric
    from trustcart.customer_interactions as i
    inner join wanted as w on (i.interaction_date at time zone 'Asia/Dhaka')::date between w.first and w.last$$,
    'attempts and contacts'
);
select bag_eq(
    $$select t.metric, t.value, t.previous from told as t
    where t.section = 'Customer behaviour' and t.metric ~ '^(Orders|Revenue|Customers|Average)'$$,
    $$select m.metric, max(m.value) filter (where m.is_now) as now, max(m.value) filter (where not m.is_now) as before
    from (
        select w.is_now, n.metric, n.value
        from wanted as w
        cross join lateral (
            select count(*) as orders, sum(o.total_amount) as revenue, count(distinct o.customer_id) as customers
            from trustcart.sales_orders as o where o.status = 'delivered' and o.order_date between w.first and w.last
        ) as o
        cross join lateral (
            values ('Orders', o.orders::numeric), ('Revenue, Tk', o.revenue), ('Customers who ordered', o.customers),
            ('Average order, Tk', round(o.revenue / o.orders, 2))
        ) as n (metric, value)
    ) as m group by m.metric$$,
    'what was bought'
);
select results_eq(
    $$select t.metric, t.value, t.previous from told as t where t.section = 'Conversions' limit 3$$,
    $$select m.metric, m.now, m.before
    from (
        select
            sum(c.calls) filter (where w.is_now) as calls, sum(c.calls) filter (where not w.is_now) as calls_before,
            sum(c.orders) filter (where w.is_now) as orders, sum(c.orders) filter (where not w.is_now) as orders_before,
            sum(c.revenue) filter (where w.is_now) as won, sum(c.revenue) filter (where not w.is_now) as won_before
        from wanted as w cross join lateral trustcart.call_conversions(w.first, w.last) as c
    ) as c
    cross join lateral (
        values ('Completed calls', c.calls, c.calls_before), ('Orders within 7 days', c.orders, c.orders_before),
        ('Their revenue, Tk', c.won, c.won_before)
    ) as m (metric, now, before)$$,
    'what the calls led to'
);
insert into trustcart.customer_state_changes (customer_id, attribute, from_value, to_value, business_date, cause)
values
(910001, 'customer_type', null, 'new', '2031-02-10', 'order'),
(910001, 'customer_type', 'new', 'repeat', '2031-02-10', 'order'),
(910002, 'customer_type', 'new', 'repeat', '2031-02-23', 'order'),
(910003, 'customer_type', 'new', 'repeat', '2031-02-02', 'order'),
(910004, 'customer_type', 'new', 'repeat', '2031-02-09', 'order'),
(910004, 'customer_type', 'new', 'repeat', '2031-02-11', 'rewind'),
(910005, 'lifecycle_stage', 'prospect', 'new', '2031-02-11', 'order'),
(910005, 'lifecycle_stage', 'active', 'at_risk', '2031-02-11', 'time');
select results_eq(
    $$select t.section, t.metric, t.value, t.previous from told as t where t.section like 'Changes%'
    and t.metric in ('new to repeat', 'active to at_risk', 'none to new', 'prospect to new') order by 1 desc$$,
    $$values ('Changes of type', 'new to repeat', 2::numeric, 1::numeric),
    ('Changes of stage', 'active to at_risk', 1, 0)$$,
    'changes but first labels and replays, dated by the day they fell on'
);

select * from finish();
rollback;
