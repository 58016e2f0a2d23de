-- An INSERT with the guide's columns opens the episode that detect_dropoffs() would have opened.
begin;
select plan(18);

create temporary view episodes as
select
    d.customer_id, d.last_active_date, d.days_inactive, d.risk_level, d.opened_on, d.level_as_of, d.closed_on,
    d.close_reason, d.recovery_attempted, d.recovery_successful, d.reason
from trustcart.customer_dropoff_tracking as d;

insert into trustcart.customers (id) select g.n from generate_series(1, 12) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select t.customer_id, trustcart.business_date() - t.days, 100, t.status
from (
    values
    (1, 95, 'delivered'), (2, 95, 'delivered'), (3, 30, 'delivered'), (4, 31, 'delivered'), (5, 121, 'delivered'),
    (6, 300, 'delivered'), (6, 100, 'delivered'), (7, 200, 'delivered'), (7, 10, 'delivered'), (8, 40, 'cancelled'),
    (10, 95, 'delivered'), (11, 100, 'delivered'), (11, 90, 'delivered'), (12, 60, 'delivered')
) as t (customer_id, days, status);

insert into trustcart.customer_dropoff_tracking (customer_id, days_inactive, risk_level) values (1, 5, 'low');
select is(
    (select row(e.last_active_date, e.days_inactive, e.risk_level)::text from episodes as e where e.customer_id = 1),
    row(trustcart.business_date() - 95, 91, 'high')::text,
    'the date and the level follow from the orders; days are those of the threshold'
);
select is(
    (select row(e.opened_on, e.level_as_of, e.closed_on)::text from episodes as e where e.customer_id = 1),
    row(trustcart.business_date() - 64, trustcart.business_date() - 4, null)::text,
    'it opened with the 31st day and is high since the 91st'
);

-- The twin is opened by the job.
select trustcart.detect_dropoffs();
select is(
    (select row(e.*)::text from (select * from episodes as i where i.customer_id = 1) as e),
    (
        select replace(row(e.*)::text, '(10,', '(1,')
        from (select * from episodes as i where i.customer_id = 10) as e
    ),
    'the job writes the same'
);

select is(
    (select count(*) from episodes as e where e.customer_id = 1), 1::bigint, 'and does not open a second one'
);
select lives_ok(
    $$insert into trustcart.customer_dropoff_tracking (customer_id, days_inactive, risk_level) values (2, 95, 'high')$$,
    'an episode that exists is no error'
);
select is(
    (select count(*) from episodes as e where e.customer_id = 2), 1::bigint, 'it stays the one it was'
);
insert into trustcart.customer_dropoff_tracking (customer_id, days_inactive, risk_level) values (3, 95, 'critical');
select is_empty(
    'select e.customer_id from episodes as e where e.customer_id = 3', 'of a customer who is not silent none is opened'
);
select is(
    (
        select string_agg(e.customer_id || ' ' || e.risk_level, ', ' order by e.customer_id)
        from episodes as e
        where e.customer_id in (4, 5, 12)
    ),
    '4 low, 5 critical, 12 low',
    'levels at their boundaries'
);

delete from trustcart.customer_dropoff_tracking;
insert into trustcart.customer_dropoff_tracking (
    customer_id, last_active_date, days_inactive, risk_level, reason, recovery_attempted, recovery_successful
)
values (9, trustcart.business_date() - 70, 70, 'medium', 'moved away', true, true);
select is(
    (
        select row(e.last_active_date, e.risk_level, e.reason, e.recovery_attempted, e.recovery_successful)::text
        from episodes as e
    ),
    row(trustcart.business_date() - 70, 'medium', 'moved away', true, false)::text,
    'without orders the date supplied counts; success is an order''s to tell'
);
insert into trustcart.customer_dropoff_tracking (customer_id, days_inactive, risk_level) values (8, 100, 'low');
select is(
    (select row(e.last_active_date, e.risk_level)::text from episodes as e where e.customer_id = 8),
    row(trustcart.business_date() - 100, 'high')::text,
    'without even that, the days do'
);
select throws_ok(
    $$insert into trustcart.customer_dropoff_tracking (customer_id, last_active_date, days_inactive, risk_level)
    values (9, trustcart.business_date() - 30, 95, 'high')$$,
    'TC205', null, 'a date supplied that makes no silence is refused'
);
select throws_ok(
    $$insert into trustcart.customer_dropoff_tracking (customer_id, last_active_date, days_inactive, risk_level)
    values (11, trustcart.business_date() - 100, 95, 'high')$$,
    'TC205', null, 'so is one after which the next order came soon'
);
insert into trustcart.customer_dropoff_tracking (
    customer_id, last_active_date, days_inactive, risk_level, recovery_attempted
)
values (7, trustcart.business_date() - 200, 1, 'low', true);
select is(
    (
        select row(e.risk_level, e.closed_on, e.close_reason, e.recovery_successful)::text
        from episodes as e
        where e.customer_id = 7
    ),
    row('critical', trustcart.business_date() - 10, 'order', true)::text,
    'a silence that an order has ended is a closed episode'
);
insert into trustcart.customer_dropoff_tracking (customer_id, last_active_date, days_inactive, risk_level)
values (6, trustcart.business_date() - 300, 1, 'low');
select is(
    (select row(e.risk_level, e.closed_on)::text from episodes as e where e.customer_id = 6),
    row('critical', trustcart.business_date() - 100)::text,
    'its level is that of the day before the order'
);
select throws_ok(
    $$insert into trustcart.customer_dropoff_tracking (customer_id, days_inactive, risk_level)
    values (999, 95, 'high')$$,
    '23503', null, 'an unknown customer is refused by the foreign key'
);
select is(
    (select count(*) from episodes as e where e.closed_on is null), 2::bigint, 'of these, two last'
);

-- A job for a past date writes what held then.
delete from trustcart.customer_dropoff_tracking;
insert into trustcart.customer_dropoff_tracking (
    customer_id, last_active_date, days_inactive, risk_level, opened_on, level_as_of
)
values (1, '2020-01-01', 31, 'low', '2020-02-01', '2020-02-01');
select is(
    (select row(e.days_inactive, e.risk_level, e.opened_on)::text from episodes as e),
    row(31, 'low', date '2020-02-01')::text,
    'an episode as of a date keeps the level of that date'
);
insert into trustcart.customer_dropoff_tracking (
    customer_id, last_active_date, days_inactive, risk_level, opened_on, level_as_of
)
values (2, '2020-01-01', 31, 'critical', '2020-02-20', '2020-02-01');
select is(
    (select row(e.risk_level, e.opened_on)::text from episodes as e where e.customer_id = 2),
    row('low', date '2020-02-01')::text,
    'and has the one that the date gives, whatever was supplied'
);

select * from finish();
rollback;
