-- The guide's monthly review, for the calendar month that a date is in.
begin;
select plan(9);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name, role, is_active)
values
(900001, 'Busy', 'crm_agent', true), (900002, 'Idle', 'crm_agent', true), (900003, 'Left', 'crm_agent', false),
(900004, 'Boss', 'crm_manager', true);
insert into trustcart.customers (id, date_of_birth)
values (900001, '1990-04-01'), (900002, '1990-04-30'), (900003, '1990-05-01'), (900004, null);
insert into trustcart.customer_family_members (customer_id, name, relationship, anniversary_date)
values (900004, 'Rina', 'sister', '2010-04-15');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(900001, '2031-02-10', 100, 'delivered'), (900001, '2031-03-12', 200, 'delivered'), (900002, '2031-03-31', 400, 'delivered'),
(900003, '2030-12-01', 800, 'delivered');
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, status, outcome, started_at, completed_at, closed_at
)
values
(
    900001, 900001, '2031-03-10', 'completed', 'successful', '2031-03-10 12:00+06', '2031-03-10 12:06+06',
    '2031-03-10 12:06+06'
),
(900002, 900001, '2031-03-11', 'pending', null, null, null, null),
(900002, 900001, '2031-02-11', 'completed', 'successful', null, '2031-02-11 12:00+06', '2031-02-11 12:00+06'),
(900003, 900001, '2031-02-28', 'completed', 'successful', null, '2031-02-28 12:00+06', '2031-02-28 12:00+06');
create temporary view told as
select * from trustcart.report_monthly('2031-03-20');

select is(
    (select t.detail from told as t limit 1), '2031-03-01 to 2031-03-31, against 2031-02-01 to 2031-02-28',
    'the whole month, against the whole month before'
);
select results_eq(
    $$select t.metric, t.value, t.previous, t.change from told as t where t.section like 'Agents%' and t.metric <> 'Boss'$$,
    $$values ('Busy', 1::numeric, 2::numeric, -1::numeric), ('Idle', 0, 0, 0)$$,
    'each agent''s successful calls; who left has no row without work'
);
select is(
    (select t.detail from told as t where t.metric = 'Busy'),
    '1 of 2 tasks completed, 100.00 % of these successful, 6.00 minutes a call, 1 orders worth Tk 200',
    'with the rest of the agent''s figures'
);
select results_eq(
    $$select t.metric, t.value, t.previous, t.change from told as t where t.section = 'Segments: customers'$$,
    $$values ('vip', 0::numeric, 0::numeric, 0::numeric), ('repeat', 1, 0, 1), ('new', 1, 2, -1),
    ('inactive', 1, 0, 1), ('no order yet', 1, 2, -1)$$,
    'segments at the end, against the end of the month before'
);
select results_eq(
    $$select t.metric, t.value, t.previous, t.change from told as t
    where t.section = 'Segments: revenue, Tk' and (t.value > 0 or t.previous > 0)$$,
    $$values ('repeat', 300::numeric, 0::numeric, 300::numeric), ('new', 400, 900, -500), ('inactive', 800, 0, 800)$$,
    'and their revenue'
);
select results_eq(
    $$select t.metric, t.value from told as t where t.section = 'Next month'$$,
    $$values ('Birthdays', 2::numeric), ('Anniversaries', 1)$$, 'events of the next month, to its last day'
);
select is(
    (select t.value from told as t where t.metric = 'Orders within 7 days'), 1::numeric, 'what the calls led to'
);
select is(
    (select t.detail from trustcart.report_monthly() as t limit 1),
    (
        select format(
            '%s to %s, against %s to %s', x.first, d.today, (x.first - interval '1 month')::date,
            case
                when d.today = (x.first + interval '1 month')::date - 1 then x.first - 1
                else least(x.first - 1, (x.first - interval '1 month')::date + (d.today - x.first))
            end
        )
        from (select trustcart.business_date() as today) as d
        cross join lateral (select date_trunc('month', d.today::timestamp)::date as first) as x
    ),
    'the running month so far, against as many days of the month before'
);
select throws_ok($$select * from trustcart.report_monthly('infinity')$$, 'TC001', null, 'for ever is no date');

select * from finish();
rollback;
