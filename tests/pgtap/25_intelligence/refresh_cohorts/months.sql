-- Cohorts by month of the first counted order, and what they did since.
begin;
select plan(7);

insert into trustcart.customers (id)
select g from generate_series(1, 5) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, '2024-12-31', 100, 'delivered'), (1, '2025-01-01', 50, 'delivered'), (1, '2025-01-20', 50, 'delivered'),
(2, '2024-12-01', 200, 'delivered'), (2, '2025-03-31', 10, 'delivered'),
(3, '2024-12-15', 900, 'cancelled'), (3, '2025-01-31', 70, 'delivered'),
(4, '2025-04-02', 70, 'delivered');

select is((trustcart.refresh_cohorts('2025-03-31') ->> 'written')::integer, 4, 'written: every month with an order');
select results_eq(
    $$select m.cohort, m.month_number::integer, m.customers, m.orders, m.revenue from trustcart.cohort_months as m
    order by 1, 2$$,
    $$values (date '2024-12-01', 0, 2, 2, 300.00), ('2024-12-01', 1, 1, 2, 100.00), ('2024-12-01', 3, 1, 1, 10.00),
    ('2025-01-01', 0, 1, 1, 70.00)$$,
    'a cohort is the month of the first order that counts; months across the turn of the year'
);
select is((trustcart.refresh_cohorts('2025-03-31') ->> 'written')::integer, 0, 'again: nothing');
update trustcart.sales_orders set status = 'returned' where customer_id = 2 and order_date = '2025-03-31';
select results_eq(
    $$select (r.r ->> 'written')::integer, (r.r ->> 'removed')::integer from trustcart.refresh_cohorts('2025-04-30') as r (r)$$,
    'values (1, 1)', 'a return takes its month away, April''s cohort comes'
);
update trustcart.sales_orders set status = 'delivered' where customer_id = 3;
select trustcart.refresh_cohorts('2025-04-30');
select results_eq(
    $$select m.customers from trustcart.cohort_months as m where m.cohort = '2024-12-01' and m.month_number = 0$$,
    'values (3)', 'an order that counts at last moves its customer to an earlier cohort'
);
select is_empty(
    $$select * from trustcart.cohort_months as m where m.cohort = '2025-01-01'$$, 'and leaves the later one empty'
);
select throws_ok($$select trustcart.refresh_cohorts(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
