-- Calls arranged after the day began take places: the list gives way and the rest waits.
begin;
select plan(12);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
update trustcart.settings set calls_per_agent_day = 3;
-- 1-3 are A's, 4-6 B's; the lowest id is worth most.
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g.n, 'Customer ' || g.n, 1 + (g.n > 3)::integer from generate_series(1, 6) as g (n);
insert into trustcart.customers (id, first_name) values (50, 'Other'), (51, 'Other');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, trustcart.business_date() - 70, 700 - 10 * g.n, 'delivered' from generate_series(1, 6) as g (n);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
values (50, 1, trustcart.business_date()), (51, 1, trustcart.business_date());

select is(
    (select count(*) from trustcart.plan_daily_call_tasks() as p where p.decision = 'kept'),
    6::bigint,
    'the plan is that of the morning, when there was room'
);
create temporary table generated on commit drop as select trustcart.generate_daily_call_tasks() as result;
select is(
    (select g.result - 'message' - 'task_date' from generated as g),
    '{"breakdown": {"at_risk": 4}, "created": 4, "already_there": 0, "dropped": 0, "no_capacity": 2, "overtaken": 0, "carried": 0,
    "expired": 0, "total": 4}'::jsonb,
    'four are written, two found no place'
);
select is(
    (select array_agg(t.customer_id order by t.customer_id) from trustcart.crm_call_tasks as t where t.source = 'generated'),
    array[1, 4, 5, 6]::bigint [],
    'the last of A''s list give way'
);
select results_eq(
    'select d.agent_id, d.calls, d.max_calls from trustcart.agent_days as d order by 1',
    'values (1::bigint, 3, 3), (2, 3, 3)',
    'the days are full, not fuller'
);
select results_eq(
    'select l.customer_id, l.waiting_since from trustcart.call_waiting_list as l order by 1',
    'values (2::bigint, trustcart.business_date()), (3, trustcart.business_date())',
    'the rest waits'
);
select results_eq(
    $$select r.result ->> 'created', r.result ->> 'no_capacity' from (
        select trustcart.generate_daily_call_tasks() as result
    ) as r$$,
    $$values ('0', '2')$$,
    'again: the same'
);

-- A place becomes free.
select trustcart.skip_call_task(t.id, 'done') from trustcart.crm_call_tasks as t where t.customer_id = 50;
select is(trustcart.generate_daily_call_tasks() ->> 'created', '1', 'a place that became free is used');
select is(
    (select array_agg(l.customer_id) from trustcart.call_waiting_list as l where l.ended_on is null),
    array[3]::bigint [],
    'for the first of those who wait'
);
-- The cap is raised.
update trustcart.settings set calls_per_agent_day = 4;
select is(trustcart.generate_daily_call_tasks() ->> 'created', '1', 'so are those of a higher cap');
select is_empty(
    'select 1 from trustcart.call_waiting_list', 'whoever got a place on the first day has not been waiting'
);
select is_empty('select 1 from trustcart.check_agent_days()', 'the days are counted right');
-- The cap is lowered: what is written stays.
update trustcart.settings set calls_per_agent_day = 1;
create temporary table before on commit drop as select t.* from trustcart.crm_call_tasks as t;
select trustcart.generate_daily_call_tasks();
select set_eq(
    'select to_jsonb(t) from trustcart.crm_call_tasks as t', 'select to_jsonb(b) from before as b',
    'a lower cap takes nothing back'
);

select * from finish();
rollback;
