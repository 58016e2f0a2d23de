-- Pending calls of past days go on in the plan with their age, one call a customer, or expire by type.
begin;
select plan(21);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent');
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g.n, 'Customer ' || g.n, case when g.n = 2 then 2 end from generate_series(1, 14) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (2, '2025-04-10', 500, 'delivered'), (6, '2025-04-10', 500, 'delivered');
insert into trustcart.crm_call_tasks
    (id, customer_id, assigned_agent_id, task_type, priority, task_date, created_at, notes, first_planned_on, status)
values
(101, 1, 1, 'other', 'warm', '2025-06-17', '2025-06-16 10:00+06', 'Ask about the gift', null, 'pending'),
(102, 2, 1, 'at_risk', 'hot', '2025-06-16', '2025-06-16 05:00+06', null, '2025-06-14', 'pending'),
-- expired: a birthday two days ago, seven days of another type are over; on the seventh it still is
(103, 3, 1, 'birthday', 'cold', '2025-06-16', '2025-06-16 05:00+06', null, null, 'pending'),
(104, 4, 1, 'other', 'cold', '2025-06-10', '2025-06-10 05:00+06', null, null, 'pending'),
(105, 5, 1, 'other', 'cold', '2025-06-11', '2025-06-10 05:00+06', null, null, 'pending'),
-- the age counts from the first day
(106, 6, 1, 'other', 'cold', '2025-06-17', '2025-06-17 05:00+06', null, '2025-06-08', 'pending'),
-- several of one customer
(107, 7, 1, 'other', 'cold', '2025-06-17', '2025-06-16 05:00+06', null, null, 'pending'),
(108, 7, 2, 'follow_up', 'warm', '2025-06-16', '2025-06-16 05:00+06', 'Call back', null, 'pending'),
(109, 7, 1, 'other', 'hot', '2025-06-15', '2025-06-15 05:00+06', null, null, 'pending'),
-- closed before the day began, or not of a past day
(110, 8, 1, 'other', 'cold', '2025-06-17', '2025-06-16 10:00+06', null, null, 'completed'),
(111, 9, 1, 'other', 'cold', '2025-06-18', '2025-06-16 10:00+06', null, null, 'pending'),
-- nobody's
(113, 11, null, 'other', 'cold', '2025-06-17', '2025-06-16 10:00+06', null, null, 'pending'),
-- a call of the day is there already
(114, 12, 1, 'other', 'cold', '2025-06-17', '2025-06-16 10:00+06', null, null, 'pending'),
(115, 12, 1, 'other', 'cold', '2025-06-18', '2025-06-17 10:00+06', null, null, 'pending'),
-- of a type with more days, too old for any
(116, 13, 1, 'follow_up', 'cold', '2025-06-04', '2025-06-04 05:00+06', null, null, 'pending'),
(117, 14, 1, 'other', 'cold', '2025-05-01', '2025-05-01 05:00+06', null, null, 'pending');
set local session_replication_role = replica;
update trustcart.crm_call_tasks
set closed_at = '2025-06-17 16:00+06', completed_at = '2025-06-17 16:00+06' where id = 110;
set local session_replication_role = origin;
delete from trustcart.customer_interactions;
delete from trustcart.crm_call_attempts;

create temporary table morning on commit drop as
select p.* from trustcart.plan_daily_call_tasks('2025-06-18') as p;
select results_eq(
    $$select p.customer_id, p.task_type, p.carried_from, p.first_planned_on from morning as p
    where p.decision = 'kept' order by 1$$,
    $$values (1::bigint, 'other', array[101]::bigint [], date '2025-06-17'), (2, 'at_risk', '{102}', '2025-06-14'),
    (5, 'other', '{105}', '2025-06-11'), (6, 'at_risk', null, null), (7, 'follow_up', '{108,107,109}', '2025-06-15'),
    (11, 'other', '{113}', '2025-06-17'), (13, 'follow_up', '{116}', '2025-06-04')$$,
    'what was open when the day began, while its type allows'
);
select is(
    (select p.reasons from morning as p where p.customer_id = 1),
    '[{"task_type": "other", "rank": 1000, "carried_from": [101], "first_planned_on": "2025-06-17", "age_days": 1, "still_due": false}]'::jsonb,
    'the reason tells since when and the age'
);
select is(
    (select p.why from morning as p where p.customer_id = 1), 'planned for 2025-06-17 already', 'so does why'
);
select is(
    (select p.reasons from morning as p where p.customer_id = 2),
    '[{"task_type": "at_risk", "rank": 50, "phase": "at_risk", "last_order_date": "2025-04-10", "calls_before": 0,
    "carried_from": [102], "first_planned_on": "2025-06-14", "age_days": 4}]'::jsonb,
    'with a reason of the day that is the same it is one reason'
);
select results_eq(
    $$select p.customer_id, p.priority, p.agent_id, p.why_agent, p.notes from morning as p
    where p.customer_id in (1, 2, 7) order by 1$$,
    $$values (1::bigint, 'warm', 1::bigint, 'had the call before', 'Ask about the gift'),
    (2, 'hot', 2, 'the customer''s own agent', null), (7, 'hot', 2, 'had the call before', 'Call back')$$,
    'it keeps its priority, notes and agent, unless the customer has one'
);
select is(
    (
        select r.fact from morning as p cross join lateral jsonb_array_elements(p.reasons) as r (fact)
        where p.customer_id = 7
    ),
    '{"task_type": "follow_up", "rank": 10, "carried_from": [108, 107, 109], "first_planned_on": "2025-06-15", "age_days": 3, "still_due": false}'::jsonb,
    'several are one call: all are named, the first in rank names it, the age is that of the oldest'
);
select results_eq(
    $$select p.customer_id, p.decision, p.why from morning as p where p.customer_id in (3, 4, 12, 14) order by 1$$,
    $$values (3::bigint, 'dropped', 'planned for 2025-06-16 and not called in time'),
    (4, 'dropped', 'planned for 2025-06-10 and not called in time'), (12, 'dropped', 'has a task already: 115')$$,
    'what expired says so'
);

select is(
    (select r.result - 'message' - 'breakdown' - 'total' from (
        select trustcart.generate_daily_call_tasks('2025-06-18') as result
    ) as r),
    '{"task_date": "2025-06-18", "created": 7, "already_there": 0, "dropped": 3, "no_capacity": 0, "overtaken": 0, "carried": 8,
    "expired": 5}'::jsonb,
    'written down'
);
select results_eq(
    $$select t.id, t.status, t.close_reason from trustcart.crm_call_tasks as t where t.id between 101 and 117 order by 1$$,
    $$values (101::bigint, 'carried', 'carried over to 2025-06-18'), (102, 'carried', 'carried over to 2025-06-18'),
    (103, 'expired', 'not called in time'), (104, 'expired', 'not called in time'),
    (105, 'carried', 'carried over to 2025-06-18'), (106, 'expired', 'not called in time'),
    (107, 'carried', 'carried over to 2025-06-18'), (108, 'carried', 'carried over to 2025-06-18'),
    (109, 'carried', 'carried over to 2025-06-18'), (110, 'completed', null), (111, 'pending', null),
    (113, 'carried', 'carried over to 2025-06-18'),
    (114, 'expired', 'has a task already: 115'), (115, 'pending', null),
    (116, 'carried', 'carried over to 2025-06-18'), (117, 'expired', 'not called in time')$$,
    'carried or expired, with the reason'
);
select results_eq(
    $$select t.customer_id, t.predecessor_id, t.first_planned_on from trustcart.crm_call_tasks as t
    where t.task_date = '2025-06-18' and t.source = 'generated' order by 1$$,
    $$values (1::bigint, 101::bigint, date '2025-06-17'), (2, 102, '2025-06-14'), (5, 105, '2025-06-11'),
    (6, null, null), (7, 108, '2025-06-15'), (11, 113, '2025-06-17'), (13, 116, '2025-06-04')$$,
    'the successor names whom it follows'
);
select is(
    (select array_agg(distinct t.task_date) from trustcart.crm_call_tasks as t where t.id between 101 and 110),
    array['2025-06-10', '2025-06-11', '2025-06-15', '2025-06-16', '2025-06-17']::date [],
    'the old ones stay on their day'
);
select set_eq(
    $$select to_jsonb(p) from trustcart.plan_daily_call_tasks('2025-06-18') as p$$,
    $$select to_jsonb(p) from morning as p$$,
    'planned again, when all of it is closed, it gives the morning''s list'
);
select results_eq(
    $$select r.result ->> 'created', r.result ->> 'carried', r.result ->> 'expired' from (
        select trustcart.generate_daily_call_tasks('2025-06-18') as result
    ) as r$$,
    $$values ('0', '0', '0')$$,
    'generated again it does nothing'
);

-- The figures of the past day.
select results_eq(
    $$select r.total_tasks, r.completed, r.pending, r.carried, r.expired from trustcart.report_daily('2025-06-17') as r$$,
    $$values (6::bigint, 1::bigint, 0::bigint, 3::bigint, 2::bigint)$$,
    'a past day has as many tasks, and as many completed, as before'
);

-- A customer who may not be called any more: the call ends, with that reason.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, created_at)
values (201, 8, 'other', '2025-07-01', '2025-07-01 05:00+06'), (202, 9, 'other', '2025-07-01', '2025-07-01 05:00+06');
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (9, '22:00', '23:00');
update trustcart.settings set quiet_from = '20:00', quiet_until = '08:00';
insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, interaction_date)
values (8, 'call', 'not_interested', '2025-07-01 12:00+06');
select trustcart.generate_daily_call_tasks('2025-07-02');
select results_eq(
    $$select t.id, t.status, t.close_reason from trustcart.crm_call_tasks as t where t.id in (201, 202) order by 1$$,
    $$values (201::bigint, 'expired', 'not_interested on 2025-07-01, no calls for 30 days'),
    (202, 'expired', 'no hour of the day to call at')$$,
    'blocked in the meantime'
);
update trustcart.settings set quiet_from = null, quiet_until = null;

-- No place: it stays pending, and is carried as soon as there is one, while its type allows.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, created_at)
values (301, 10, 'other', '2025-08-01', '2025-08-01 05:00+06');
insert into trustcart.agent_leave (agent_id, during) values (1, '[2025-08-02,2025-08-04)'), (2, '[2025-08-02,2025-08-04)');
select is(
    trustcart.generate_daily_call_tasks('2025-08-02') ->> 'no_capacity', '3', 'nobody is there, for it and for two others'
);
select is(
    (select t.status from trustcart.crm_call_tasks as t where t.id = 301), 'pending', 'it stays open'
);
select trustcart.generate_daily_call_tasks('2025-08-03');
select is(
    (select l.waiting_since from trustcart.call_waiting_list as l where l.customer_id = 10),
    date '2025-08-02',
    'and waits from the first such day'
);
select trustcart.generate_daily_call_tasks('2025-08-04');
select results_eq(
    $$select t.status, s.task_date, s.first_planned_on, s.reasons -> 0 ->> 'age_days'
    from trustcart.crm_call_tasks as t
    inner join trustcart.crm_call_tasks as s on t.id = s.predecessor_id where t.id = 301$$,
    $$values ('carried', date '2025-08-04', date '2025-08-01', '3')$$,
    'until there is a place'
);

-- A type that is off is carried no more, and how long is a matter of the type.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, created_at)
values
(401, 3, 'other', '2025-09-01', '2025-09-01 05:00+06'),
(402, 4, 'congratulate_gold_member', '2025-09-01', '2025-09-01 05:00+06');
update trustcart.call_task_types set is_enabled = false where task_type = 'other';
update trustcart.call_task_types set carry_days = 0 where task_type = 'congratulate_gold_member';
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-09-02') as p
        where p.customer_id in (3, 4) and p.why = 'planned for 2025-09-01 and not called in time'
    ),
    2::bigint,
    'neither is carried'
);
update trustcart.call_task_types set carry_days = 1 where task_type = 'congratulate_gold_member';
select is(
    (select p.carried_from from trustcart.plan_daily_call_tasks('2025-09-02') as p where p.customer_id = 4),
    array[402]::bigint [],
    'one day is enough for the next'
);

select * from finish();
rollback;
