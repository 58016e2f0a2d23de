-- The guide's weekly review, for the week, Monday to Sunday, that a date is in.
begin;
select plan(10);

insert into trustcart.users (id, name) values (900001, 'A');
insert into trustcart.customers (id, first_name, last_name, phone)
values
(900001, 'Was', 'At Risk', null), (900002, 'Small', null, '01711111111'), (900003, 'Big', null, null),
(900004, 'Recovered', null, null), (900005, 'Week Before', null, null), (900006, null, null, null);
-- At risk from the 60th to the 90th day: 10 to 16 March 2031 is a week.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(900001, '2030-12-25', 10, 'delivered'),
(900002, '2031-01-09', 20, 'delivered'),
(900003, '2031-01-15', 30, 'delivered'),
(900004, '2031-01-10', 40, 'delivered'), (900004, '2031-03-14', 50, 'delivered'),
(900005, '2031-01-04', 60, 'delivered'),
(900006, '2031-01-16', 70, 'delivered');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
values (900001, 900001, '2031-03-10'), (900002, 900001, '2031-03-16'), (900003, null, '2031-03-09');
create temporary view told as
select * from trustcart.report_weekly('2031-03-12');

select results_eq(
    $$select t.section, t.metric, t.detail from told as t limit 1$$,
    $$values ('Period', 'Days', '2031-03-10 to 2031-03-16, against 2031-03-03 to 2031-03-09')$$,
    'Monday to Sunday, against the week before'
);
select results_eq(
    $$select t.value, t.previous, t.change from told as t where t.metric = 'Call tasks'$$,
    $$values (2::numeric, 1::numeric, 1::numeric)$$, 'tasks of the week, against those of the week before'
);
select results_eq(
    $$select t.metric, t.value, t.previous, t.change from told as t where t.section = 'Temperatures'$$,
    $$values ('hot', 1::numeric, 0::numeric, 1::numeric), ('warm', 0, 0, 0), ('cold', 5, 6, -1)$$,
    'temperatures at the end, against the end of the week before'
);
select results_eq(
    $$select t.metric, t.value, t.previous, t.change from told as t
    where t.section = 'Newly at risk' and t.metric not like 'customer %'$$,
    $$values ('Customers', 2::numeric, 1::numeric, 1::numeric), ('Big', 30, null, null), ('Small', 20, null, null)$$,
    'at risk now and not a week ago, the most valuable first'
);
select is(
    (select t.detail from told as t where t.metric = 'Small'),
    'customer 900002, new, last order 2031-01-09, +8801711111111', 'with what it takes to call'
);
select results_eq(
    $$select t.metric from trustcart.report_weekly('2031-03-17') as t
    where t.section = 'Newly at risk' and t.value = 70$$,
    $$values ('customer 900006')$$, 'a customer without a name has a number'
);
select results_eq(
    $$select d.day, t.value, t.detail
    from (values ('2031-03-12'::date), ('2001-05-16')) as d (day)
    cross join lateral trustcart.report_weekly(d.day) as t
    where t.section = 'Newly at risk' and t.metric = 'Customers'
    order by d.day$$,
    $$values
    ('2001-05-16'::date, 0::numeric, null),
    ('2031-03-12', 2, 'the most valuable of them, with what they spent, in Tk:')$$,
    'a list is announced when there is one'
);
select results_eq(
    $$select t.metric, t.value from told as t where t.metric in ('Orders', 'Revenue, Tk', 'First orders') order by 1$$,
    $$values ('First orders', 0::numeric), ('Orders', 1), ('Revenue, Tk', 50)$$, 'what was bought'
);
select results_eq(
    $$select t.value, t.previous, t.detail from trustcart.report_weekly() as t limit 1$$,
    $$select
        extract(isodow from d.today), extract(isodow from d.today),
        format(
            '%s to %s, against %s to %s', date_trunc('week', d.today)::date, d.today,
            date_trunc('week', d.today)::date - 7, d.today - 7
        )
    from (select trustcart.business_date() as today) as d$$,
    'the running week so far, against as many days of the week before'
);
select throws_ok($$select * from trustcart.report_weekly(null)$$, 'TC001', null, 'null is no date');

select * from finish();
rollback;
