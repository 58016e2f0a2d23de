-- A shop of a few customers whose calls can be told by hand, day by day.
begin;
update trustcart.settings set calls_per_agent_day = 100;
select plan(25);

-- Far from today, so that every 30 days are over.
insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent'), (3, 'M', 'crm_manager');
insert into trustcart.agent_leave (agent_id, during) values (2, '[2024-03-05,2024-03-05]');
insert into trustcart.customers (id, first_name, assigned_agent_id) values
(1, 'One', 1), (2, 'Two', 1), (3, 'Three', 2), (4, 'Late', null), (5, 'Nobody', 1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values
-- new on March 1st, called from the 2nd; comes back on the 9th
(1, '2024-03-01', 100, 'delivered'), (1, '2024-03-09', 100, 'delivered'),
-- new too, and never seen again; a cancelled order is none
(2, '2024-03-01', 900, 'delivered'), (2, '2024-03-10', 100, 'cancelled'),
-- at risk from March 4th
(3, '2024-01-04', 100, 'delivered'),
-- the last order that is known
(4, '2024-04-08', 100, 'delivered');

create temporary table before_it as
select s.xmin::text as x, 'settings' as what from trustcart.settings as s
union all select t.xmin::text, t.task_type from trustcart.call_task_types as t
union all select t.xmin::text, 'task' || t.id from trustcart.crm_call_tasks as t
union all select w.xmin::text, 'wait' || w.customer_id from trustcart.call_waiting_list as w
union all select c.xmin::text, 'customer' || c.id from trustcart.customers as c
union all select d.xmin::text, 'contact' || d.customer_id from trustcart_private.contact_days as d;

create temporary table got as
select * from trustcart.backtest_call_plan('2024-03-02', '2024-03-09');

-- Calls: 1 and 2 on March 2nd and again 7 days later, the 9th; 3 on March 4th. 1 ordered on the 9th: that the plan of the
-- 9th does not know yet. Dropped: 1 and 2 on the 6 days between; 3 on the 5 days after the 4th.
select is(g.calls, 5::bigint, 'calls') from got as g where g.scope = 'total';
select is(g.customers, 3::bigint, 'customers') from got as g where g.scope = 'total';
select is(g.dropped, 17::bigint, 'dropped on a day, each day') from got as g where g.scope = 'total';
select results_eq(
    $$select key, calls, dropped from got where scope = 'day' order by key$$,
    $$values ('2024-03-02', 2::bigint, 0::bigint), ('2024-03-03', 0, 2), ('2024-03-04', 1, 2), ('2024-03-05', 0, 3),
    ('2024-03-06', 0, 3), ('2024-03-07', 0, 3), ('2024-03-08', 0, 3), ('2024-03-09', 2, 1)$$,
    'by day, the first and the last included'
);
select results_eq(
    $$select key, calls, customers, agent_days, capacity, avg_calls_per_agent_day, max_calls_per_agent_day
    from got where scope = 'agent' order by key$$,
    $$values ('1', 4::bigint, 2::bigint, 8::bigint, 800::bigint, 0.50, 2::bigint), ('2', 1, 1, 7, 700, 0.14, 1)$$,
    'by agent, over the days on which they worked'
);
select results_eq(
    $$select key, calls, customers, dropped from got where scope = 'reason' order by key$$,
    $$values ('at_risk', 1::bigint, 1::bigint, 5::bigint), ('new_customer', 4, 2, 12)$$,
    'by reason'
);
select results_eq(
    $$select key, dropped, calls from got where scope = 'drop' order by key$$,
    $$values ('called less than 14 days ago', 5::bigint, 0::bigint), ('called less than 7 days ago', 12, 0)$$,
    'by the reason against'
);
-- The last order is of April 8th, so that calls up to March 9th are observed. Called on the 2nd, 1 ordered within 30
-- days; called on the 9th, the order of that day does not follow the call.
select results_eq(
    $$select calls_observed, calls_ordered, share_called from got where scope = 'total'$$,
    $$values (5::bigint, 1::bigint, 20.00)$$,
    'orders of the 30 days after the call, not of its day; cancelled ones are none'
);
-- Of 17 candidate-days dropped, the 6 of customer 1 (March 3rd to 8th) were followed by the order.
select results_eq(
    $$select dropped_observed, dropped_ordered, share_dropped from got where scope = 'total'$$,
    $$values (17::bigint, 6::bigint, 35.29)$$,
    'the same of the dropped'
);
select results_eq(
    $$select key, customers, dropped, share_called, share_dropped from got where scope = 'customer' order by key$$,
    $$values ('called', 3::bigint, 0::bigint, 33.33, null::numeric), ('never called', 0, 0, null, null)$$,
    'each customer once'
);
select results_eq(
    $$select sum(calls)::bigint, sum(dropped)::bigint from got where scope = 'day'
    union all select sum(calls)::bigint, sum(dropped)::bigint from got where scope = 'month'
    union all select sum(calls)::bigint, sum(dropped)::bigint from got where scope = 'reason'$$,
    $$values (5::bigint, 17::bigint), (5, 17), (5, 17)$$,
    'the parts make the whole'
);
select is(sum(g.calls), 5::numeric, 'and by agent') from got as g where g.scope = 'agent';
select is(sum(g.dropped), 17::numeric, 'and by the reason against') from got as g where g.scope = 'drop';

-- nothing stays
select is_empty(
    $$select s.xmin::text, 'settings' from trustcart.settings as s
    union all select t.xmin::text, t.task_type from trustcart.call_task_types as t
    union all select t.xmin::text, 'task' || t.id from trustcart.crm_call_tasks as t
    union all select w.xmin::text, 'wait' || w.customer_id from trustcart.call_waiting_list as w
    union all select c.xmin::text, 'customer' || c.id from trustcart.customers as c
    union all select d.xmin::text, 'contact' || d.customer_id from trustcart_private.contact_days as d
    except select * from before_it$$,
    'no row of ours was touched'
);
select is_empty('select 1 from trustcart_private.simulated_calls', 'no simulated call stays');
select is_empty('select 1 from trustcart_private.simulated_drops', 'nor a drop');
select is_empty('select 1 from trustcart_private.simulated_candidates', 'nor a candidate');

-- One call a day for the two of them: 2 is worth more and first; 1 waits, and is first in line the next day.
select results_eq(
    $$select scope, key, calls, dropped from trustcart.backtest_call_plan(
        '2024-03-02', '2024-03-03',
        '{"settings": {"calls_per_agent_day": 1}, "call_task_types": {"new_customer": {"min_gap_days": 1}}}'
    ) where scope in ('day', 'drop')$$,
    $$values ('day', '2024-03-02', 2::bigint, 0::bigint), ('day', '2024-03-03', 2, 0)$$,
    'each agent has one, and 3 is not due yet'
);
insert into trustcart.agent_leave (agent_id, during) values (2, '[2024-03-02,2024-03-03]');
select results_eq(
    $$select scope, key, calls, customers, dropped from trustcart.backtest_call_plan(
        '2024-03-02', '2024-03-03',
        '{"settings": {"calls_per_agent_day": 1}, "call_task_types": {"new_customer": {"min_gap_days": 1}}}'
    ) where scope in ('total', 'day', 'drop')$$,
    $$values ('total', 'total', 2::bigint, 2::bigint, 2::bigint), ('day', '2024-03-02', 1, 1, 1), ('day', '2024-03-03', 1, 1, 1),
    ('drop', 'no capacity', 0, 0, 2)$$,
    'who found no place is first in line the next day, though the other is worth more'
);
insert into trustcart.call_waiting_list (customer_id, waiting_since, ended_on)
values (1, '2024-02-27', '2024-03-04'), (2, '2024-02-20', '2024-03-01');
select is(
    (
        select b.calls_ordered from trustcart.backtest_call_plan(
            '2024-03-02', '2024-03-02', '{"settings": {"calls_per_agent_day": 1}}'
        ) as b where b.scope = 'total'
    ),
    1::bigint,
    'who waited before the period is first in line on its first day'
);

-- real contacts count before the period, and not in it
insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date, outcome)
values (1, 'call', '2024-03-03 12:00+06', 'successful');
select is(
    (select b.calls from trustcart.backtest_call_plan('2024-03-02', '2024-03-09') as b where b.scope = 'total'),
    5::bigint,
    'what was really done in the period is not known to it'
);
select is(
    (
        select b.calls from trustcart.backtest_call_plan('2024-03-04', '2024-03-09') as b
        where b.scope = 'day' and b.key = '2024-03-04'
    ),
    2::bigint,
    'a real call before it is: 2 and 3 are called, 1 is not'
);

-- overrides
select is_empty(
    $$select 1 from trustcart.backtest_call_plan(
        '2024-03-02', '2024-03-09', '{"call_task_types": {"at_risk": {"is_enabled": false}}}'
    ) as b where b.scope = 'reason' and b.key = 'at_risk' and b.calls > 0$$,
    'a type that is off calls nobody'
);
select is(
    (
        select b.calls from trustcart.backtest_call_plan(
            '2024-02-20', '2024-03-01', '{"settings": {"at_risk_from_days": 50}}'
        ) as b where b.scope = 'reason' and b.key = 'at_risk'
    ),
    1::bigint,
    'another threshold finds them earlier'
);

-- 1 on the 10th and 17th, 2 too, 3 on the 10th
select results_eq(
    $$select calls, calls_observed, calls_ordered, share_called
    from trustcart.backtest_call_plan('2024-03-10', '2024-03-20') as b where b.scope = 'total'$$,
    $$values (5::bigint, 0::bigint, 0::bigint, null::numeric)$$,
    'calls whose 30 days reach beyond the last order are not observed'
);

select * from finish();
rollback;
