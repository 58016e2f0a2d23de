-- The plan of a date knows orders, contacts and outcomes before it: planned later it is the same list.
begin;
select plan(9);
set local client_min_messages = warning;

create temporary table morning (task_date date, plan jsonb) on commit drop;
create function pg_temp.list(p_task_date date) returns jsonb language sql as $$
select coalesce(jsonb_agg(to_jsonb(p) order by p.customer_id), '[]') from trustcart.plan_daily_call_tasks(p_task_date) as p
$$;
insert into trustcart.users (id, name) values (1, 'Agent'), (2, 'Other agent');
insert into trustcart.customers (id, first_name, date_of_birth)
select g.n, 'Customer ' || g.n, date '1980-01-01' + g.n * 37 from generate_series(1, 300) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select
    1 + (g.n * 7919) % 290,
    trustcart.business_date() - ((g.n * g.n * 31) % 400),
    100 + (g.n * 13) % 9000,
    case when g.n % 17 = 0 then 'cancelled' else 'delivered' end
from generate_series(1, 900) as g (n);
-- dated ahead, and not yet due when the state was written
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1 + (g.n * 37) % 300, trustcart.business_date() + g.n % 40, 2000, 'confirmed' from generate_series(1, 60) as g (n);
insert into trustcart.customer_interactions
    (customer_id, interaction_type, direction, outcome, interaction_date, follow_up_date)
select
    1 + (g.n * 104729) % 300,
    (array['call', 'call', 'sms', 'visit'])[1 + g.n % 4],
    (array['outbound', 'inbound'])[1 + g.n % 2],
    (array['no_answer', 'follow_up_needed', 'successful'])[1 + g.n % 3],
    (trustcart.business_date() - g.n % 200 + time '11:00') at time zone 'Asia/Dhaka',
    case when g.n % 5 = 0 then trustcart.business_date() - g.n % 200 + g.n % 9 end
from generate_series(1, 500) as g (n);

insert into morning
select d.task_date, pg_temp.list(d.task_date)
from unnest(array[
    trustcart.business_date(), trustcart.business_date() - 1, trustcart.business_date() - 100,
    trustcart.business_date() + 30
]) as d (task_date);
select cmp_ok((select min(jsonb_array_length(m.plan)) from morning as m), '>', 20, 'the plans hold something');

-- From the orders themselves, whatever the maintained columns say.
select is_empty(
    $$select 1 from morning as m
    inner join lateral trustcart.customer_state(m.task_date - 1) as s on true
    inner join lateral jsonb_to_recordset(m.plan) as p (
        customer_id bigint, order_count integer, total_spend numeric, last_order_date date
    ) on p.customer_id = s.customer_id
    where (p.order_count, p.total_spend, p.last_order_date)
    is distinct from (s.order_count, s.total_spend, s.last_order_date)$$,
    'the figures are those of customer_state() the day before'
);

-- The day goes on: orders, calls, generated tasks.
select trustcart.generate_daily_call_tasks();
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date(), 70000, 'confirmed' from trustcart.customers as c where c.id % 3 = 0;
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome)
select c.id, 'call', 'outbound', 'follow_up_needed' from trustcart.customers as c where c.id % 4 = 0;
select trustcart.complete_call_task(t.id, 'successful')
from trustcart.crm_call_tasks as t where t.status = 'pending' and t.customer_id % 5 = 0;
select is(
    pg_temp.list(m.task_date), m.plan, 'planned again at noon: today'
) from morning as m where m.task_date = trustcart.business_date();
select is(
    pg_temp.list(m.task_date), m.plan, 'planned again at noon: yesterday'
) from morning as m where m.task_date = trustcart.business_date() - 1;
select is(
    pg_temp.list(m.task_date), m.plan, 'planned again at noon: 100 days ago'
) from morning as m where m.task_date = trustcart.business_date() - 100;

-- A year later, the state has moved on.
select trustcart.refresh_customer_state(trustcart.business_date() + 365);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() + 300, 100, 'confirmed' from trustcart.customers as c where c.id % 7 = 0;
select is(
    pg_temp.list(m.task_date), m.plan, 'planned again with the state of a year later: today'
) from morning as m where m.task_date = trustcart.business_date();
select is(
    pg_temp.list(m.task_date), m.plan, 'planned again with the state of a year later: 100 days ago'
) from morning as m where m.task_date = trustcart.business_date() - 100;
select isnt(
    pg_temp.list(m.task_date), m.plan, 'a later plan knows what happened today'
) from morning as m where m.task_date = trustcart.business_date() + 30;
select throws_ok(
    $$select trustcart.plan_daily_call_tasks('infinity')$$, 'TC001', null, 'infinity is no date to plan'
);

select * from finish();
rollback;
