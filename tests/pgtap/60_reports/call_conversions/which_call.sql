-- Which orders a call is given, one rule at a time.
begin;
select plan(10);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name) values (900001, 'First'), (900002, 'Second');
insert into trustcart.customers (id) select n from generate_series(900001, 900009) as n;
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status, outcome, completed_at, closed_at)
select v.customer_id, v.agent_id, v.task_date, 'completed', v.outcome, v.at, v.at
from (
    values
    (900001, 900001, date '2031-03-10', 'no_answer', timestamptz '2031-03-10 12:00+06'),
    (900002, 900001, '2031-03-10', 'successful', '2031-03-10 12:00+06'),
    (900003, 900001, '2031-03-10', 'successful', '2031-03-10 12:00+06'),
    (900004, 900001, '2031-03-10', 'successful', '2031-03-10 12:00+06'),
    (900004, 900002, '2031-03-12', 'successful', '2031-03-12 12:00+06'),
    (900005, 900001, '2031-03-10', 'successful', '2031-03-10 12:00+06'),
    (900005, 900002, '2031-03-12', 'successful', '2031-03-12 12:00+06'),
    -- a call of the 11th that was on the list of the 10th, after midnight
    (900006, 900001, '2031-03-10', 'successful', '2031-03-11 00:30+06'),
    (900007, null, '2031-03-10', 'successful', '2031-03-10 12:00+06')
) as v (customer_id, agent_id, task_date, outcome, at);
insert into trustcart.sales_orders (customer_id, order_date, ordered_at, total_amount, status)
values
(900001, '2031-03-17', null, 1, 'delivered'),
(900001, '2031-03-18', null, 2, 'delivered'),
(900001, '2031-03-09', null, 4, 'delivered'),
(900002, '2031-03-10', '2031-03-10 09:00+06', 8, 'delivered'),
(900002, '2031-03-10', '2031-03-10 15:00+06', 16, 'delivered'),
(900003, '2031-03-11', null, 32, 'cancelled'),
(900003, '2031-03-10', null, 64, 'delivered'),
(900004, '2031-03-13', null, 128, 'delivered'),
(900005, '2031-03-11', null, 256, 'delivered'),
(900006, '2031-03-10', null, 512, 'delivered'),
(900007, '2031-03-12', null, 1024, 'delivered');

select is(
    (select c.revenue from trustcart.call_conversions('2031-03-10', '2031-03-10') as c where c.agent_id = 900001),
    (1 + 16 + 64 + 256)::numeric,
    'from the day of the call, if the hour is known from its hour, to 7 days later; counted orders; the latest call'
);
select is(
    (select c.revenue from trustcart.call_conversions('2031-03-12', '2031-03-12') as c where c.agent_id = 900002),
    128::numeric, 'the later call has it, whoever made it'
);
select is(
    (select c.calls from trustcart.call_conversions('2031-03-11', '2031-03-11') as c where c.agent_id = 900001),
    1::bigint, 'the day of a call is when it was made, not the list it was on'
);
select is(
    (select c.revenue from trustcart.call_conversions('2031-03-10', '2031-03-10', 0) as c where c.agent_id = 900001),
    (16 + 64)::numeric, 'of the day alone'
);
select is(
    (select c.revenue from trustcart.call_conversions('2031-03-10', '2031-03-10', 8) as c where c.agent_id = 900001),
    (1 + 2 + 16 + 64 + 256)::numeric, 'within 8 days'
);
select results_eq(
    $$select c.agent_name, c.calls, c.revenue from trustcart.call_conversions('2031-03-10', '2031-03-10') as c
    where c.agent_id is null$$,
    $$values (null::text, 1::bigint, 1024::numeric)$$, 'a call that nobody owned has a row'
);
select is_empty(
    $$select * from trustcart.call_conversions('2031-03-20', '2031-03-20') as c where c.agent_id is null$$,
    'without one there is no such row'
);
select throws_ok($$select * from trustcart.call_conversions('2031-03-10', '2031-03-09')$$, 'TC005', null, 'no period');
select throws_ok($$select * from trustcart.call_conversions('2031-03-10', '2031-03-10', -1)$$, 'TC005', null, 'days');
select throws_ok($$select * from trustcart.call_conversions('2031-03-10', '2031-03-10', null)$$, 'TC005', null, 'no days');

select * from finish();
rollback;
