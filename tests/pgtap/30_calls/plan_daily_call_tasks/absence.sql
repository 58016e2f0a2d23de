-- An absent agent's customers go to others for the day and stay the agent's; a full day overflows to others.
begin;
select plan(14);

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'C', 'crm_agent', true), (4, 'Left', 'crm_agent', false);
insert into trustcart.customers (id, first_name, date_of_birth, assigned_agent_id)
select g.n, 'Customer ' || g.n, '1990-06-18', case when g.n <= 4 then 1 when g.n <= 6 then 2 when g.n = 7 then 4 end
from generate_series(1, 9) as g (n);
insert into trustcart.agent_leave (agent_id, during) values (1, '[2025-06-18,2025-06-19)');

select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.agent_id = 1$$,
    'whoever is on leave gets nothing'
);
select is(
    (select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'kept'),
    9::bigint,
    'the calls are made all the same'
);
select results_eq(
    $$select distinct p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id <= 4$$,
    $$values ('agent 1 is away (on leave): the least loaded agent')$$,
    'and say why not by the own agent'
);
select results_eq(
    $$select p.customer_id, p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (5, 6) order by 1$$,
    $$values (5::bigint, 2::bigint, 'the customer''s own agent'), (6, 2, 'the customer''s own agent')$$,
    'nobody else''s customers change hands for it'
);
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p group by 1 order by 1$$,
    $$values (2::bigint, 5::bigint), (3, 4)$$,
    'the others share them so that their days are level'
);
select is(
    (select p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 7),
    'agent 4 is not active: the least loaded agent',
    'why, for an agent who left'
);
select is(
    (select p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 8),
    'the least loaded agent',
    'and for a customer without one'
);
select trustcart.generate_daily_call_tasks('2025-06-18');
select is(
    (select array_agg(c.assigned_agent_id order by c.id) from trustcart.customers as c where c.id <= 7),
    array[1, 1, 1, 1, 2, 2, 4]::bigint [],
    'the customers keep their agent'
);
select set_eq(
    $$select t.customer_id, t.assigned_agent_id, t.why_agent from trustcart.crm_call_tasks as t$$,
    $$select p.customer_id, p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p$$,
    'the tasks say who and why'
);
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-17') as p
        where p.customer_id <= 4 and p.agent_id = 1
    ),
    4::bigint,
    'the day before they are the agent''s'
);

-- More own customers than the day holds: the most valuable stay.
update trustcart.settings set calls_per_agent_day = 3;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (4, '2024-01-01', 100, 'delivered');
select results_eq(
    $$select p.customer_id, p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-17') as p
    where p.customer_id <= 4 order by p.list_position$$,
    $$values (4::bigint, 1::bigint, 'the customer''s own agent'), (1, 1, 'the customer''s own agent'),
    (2, 1, 'the customer''s own agent'), (3, 3, 'the day of agent 1 is full: the least loaded agent')$$,
    'the first of the list stay with the own agent, the rest go to others'
);
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-17') as p where p.decision = 'dropped'$$,
    'there was a place for everybody'
);
update trustcart.settings set calls_per_agent_day = 2;
select results_eq(
    $$select p.agent_id, count(*) from trustcart.plan_daily_call_tasks('2025-06-17') as p group by 1 order by 1$$,
    $$values (1::bigint, 2::bigint), (2, 2), (3, 2), (null, 3)$$,
    'never over the cap'
);
select is(
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-17') as p),
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-17') as p),
    'asked again, the same'
);

select * from finish();
rollback;
