begin;
select plan(12);
insert into trustcart.customers (id) select g from generate_series(1, 6) as g;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
select
    a.customer_id,
    a.customer_id,
    trustcart.business_date() - a.days,
    100,
    'delivered'
from (values (1, 30), (2, 31), (3, 60), (4, 61), (5, 91), (6, 121)) as a (customer_id, days);

select is(
    trustcart.detect_dropoffs() -> 'open', '{"low": 2, "medium": 1, "high": 1, "critical": 1}',
    'levels of DESIGN: 31-60 low, 61-90 medium, 91-120 high, 121+ critical'
);
select results_eq(
    $$
    select days_inactive, opened_on - last_active_date, level_as_of - last_active_date, reason
    from trustcart.customer_dropoff_tracking where customer_id = 6
    $$,
    $$ values (121, 31, 121, 'no order for more than 120 days') $$,
    'dated by the days its thresholds fell on'
);
create temp table before_rerun as select xmin::text as version, * from trustcart.customer_dropoff_tracking;
select is(trustcart.detect_dropoffs() ->> 'opened', '0', 'run again the same day, it opens nothing');
select results_eq(
    $$ select xmin::text as version, * from trustcart.customer_dropoff_tracking order by id $$,
    $$ select * from before_rerun order by id $$,
    'and writes nothing'
);
select is(
    trustcart.detect_dropoffs(trustcart.business_date() + 1) - 'open' - 'as_of',
    '{"opened": 1, "raised": 1, "closed": 0, "is_complete": true}',
    'the next day one opens and one is raised'
);
select throws_ok(
    $$ select trustcart.detect_dropoffs(trustcart.business_date()) $$, 'TC104', null, 'it moves forward only'
);

-- The next order closes an episode in its own transaction.
insert into trustcart.customer_interactions (customer_id, interaction_type, direction)
values (5, 'call', 'outbound');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (50, 5, trustcart.business_date(), 10, 'pending'), (40, 4, trustcart.business_date(), 10, 'pending');
select results_eq(
    $$
    select customer_id, closed_on, close_reason, recovery_attempted, recovery_successful
    from trustcart.customer_dropoff_tracking where customer_id in (4, 5) order by customer_id
    $$,
    $$
    values
    (4::bigint, trustcart.business_date(), 'order', false, false),
    (5, trustcart.business_date(), 'order', true, true)
    $$,
    'closed; recovered where a call went out first'
);
update trustcart.sales_orders set status = 'cancelled' where id = 50;
select results_eq(
    $$
    select closed_on, close_reason, recovery_attempted, recovery_successful
    from trustcart.customer_dropoff_tracking where customer_id = 5
    $$,
    $$ values (null::date, null::text, true, false) $$,
    'reopened when that order is cancelled'
);
delete from trustcart.sales_orders where id = 6;
select results_eq(
    $$ select closed_on, close_reason from trustcart.customer_dropoff_tracking where customer_id = 6 $$,
    $$ values (trustcart.business_date(), 'withdrawn') $$,
    'withdrawn when the order it counts from is gone'
);

-- Episodes that begin and end between two runs are written too.
insert into trustcart.customers (id) values (10);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (10, trustcart.business_date() + 2, 1, 'pending'), (10, trustcart.business_date() + 72, 1, 'pending');
select trustcart.refresh_customer_state(trustcart.business_date() + 100);
select trustcart.detect_dropoffs(trustcart.business_date() + 100);
select results_eq(
    $$
    select last_active_date - trustcart.business_date(), risk_level, closed_on - trustcart.business_date(), close_reason
    from trustcart.customer_dropoff_tracking where customer_id = 10
    $$,
    $$ values (2, 'medium', 72, 'order') $$,
    'with the level of the day before the order that ended it'
);
select is_empty(
    $$ select from trustcart.customer_dropoff_tracking where days_inactive <> level_as_of - last_active_date $$,
    'days_inactive speaks of level_as_of'
);
select throws_ok($$ select trustcart.detect_dropoffs('-infinity') $$, 'TC001', null, 'not on a day that is none');
select * from finish();
rollback;
