-- One order closes the open episode with the level of the day before it, job or no job.
begin;
select plan(4);

insert into trustcart.customers (id) select g.n from generate_series(1, 2) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select g.n, trustcart.business_date() - 130, 100 from generate_series(1, 2) as g (n);
-- Known as low only: the jobs of the days since never ran.
delete from trustcart.customer_dropoff_tracking;
insert into trustcart.customer_dropoff_tracking
(customer_id, last_active_date, days_inactive, risk_level, reason, opened_on, level_as_of)
select
    g.n, trustcart.business_date() - 130, 31, 'low', 'x', trustcart.business_date() - 99, trustcart.business_date() - 99
from generate_series(1, 2) as g (n);
update trustcart.customer_dropoff_tracking set recovery_attempted = true where customer_id = 1;
create temporary view episodes as
select
    t.customer_id,
    t.closed_on - trustcart.business_date() as closed,
    t.close_reason,
    t.risk_level,
    t.days_inactive,
    t.recovery_successful
from trustcart.customer_dropoff_tracking as t;

select trustcart_private.close_dropoff(1, trustcart.business_date() - 130);
select is((select e.closed from episodes as e where e.customer_id = 1), null, 'not by the order that it counts from');
select trustcart_private.close_dropoff(1, trustcart.business_date());
select results_eq(
    'select * from episodes order by customer_id',
    $$values (1::bigint, 0, 'order', 'critical', 121, true), (2, null, null, 'low', 31, false)$$,
    'with the level of the day before; others stay open'
);
select trustcart_private.close_dropoff(2, trustcart.business_date() - 60);
select results_eq(
    'select e.closed, e.risk_level, e.days_inactive, e.recovery_successful from episodes as e where e.customer_id = 2',
    $$values (-60, 'medium', 61, false)$$, 'that of the day before the order, not of today'
);
select trustcart_private.close_dropoff(2, trustcart.business_date());
select is((select e.closed from episodes as e where e.customer_id = 2), -60, 'a closed one stays as it is');

select * from finish();
rollback;
