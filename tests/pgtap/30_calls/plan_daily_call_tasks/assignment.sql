-- Calls go to the customer's own agent, else to the least loaded active crm_agent; always the same way.
begin;
select plan(8);

insert into trustcart.users (id, name, role, is_active)
values
(1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'C', 'crm_agent', true), (4, 'Left', 'crm_agent', false),
(5, 'Manager', 'crm_manager', true);
-- Customers 1-6 are A's, 7 B's; 8-10 belong to those who take no calls, the rest to nobody.
insert into trustcart.customers (id, first_name, date_of_birth, assigned_agent_id)
select
    g.n,
    'Customer ' || g.n,
    '1990-06-18',
    case when g.n <= 6 then 1 when g.n = 7 then 2 when g.n <= 9 then 4 when g.n = 10 then 5 end
from generate_series(1, 15) as g (n);

select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.customer_id <= 6 and p.agent_id = 1 and p.why_agent like '%own agent'
    ),
    6::bigint,
    'the own agent calls'
);
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p group by 1 order by 1$$,
    $$values (1::bigint, 6::bigint), (2, 5), (3, 4)$$,
    'the others are dealt out so that the loads end as level as they can'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.agent_id is null or p.agent_id not in (1, 2, 3)$$,
    'nobody who left, no manager'
);
select is(
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p),
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p),
    'asked again, the same'
);
update trustcart.customers set assigned_agent_id = null;
select is(
    (
        select max(a.calls) - min(a.calls) from (
            select count(*) as calls from trustcart.plan_daily_call_tasks('2025-06-18') as p group by p.agent_id
        ) as a
    ),
    0::bigint,
    'without own customers all get the same'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, '2025-06-01', 60000, 'delivered' from trustcart.customers as c where c.id <= 6;
select is(
    (
        select array_agg(a.calls) from (
            select count(*) as calls from trustcart.plan_daily_call_tasks('2025-06-18') as p
            where p.priority = 'hot' group by p.agent_id
        ) as a
    ),
    array[2, 2, 2]::bigint [],
    'the hot ones are spread as well'
);
update trustcart.users set is_active = false;
select results_eq(
    $$select distinct p.decision, p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p$$,
    $$values ('kept', null::bigint, 'no active agent')$$,
    'without an active agent the calls stay, unassigned, and say why'
);
delete from trustcart.users;
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'kept'),
    15::bigint,
    'without any user too'
);

select * from finish();
rollback;
