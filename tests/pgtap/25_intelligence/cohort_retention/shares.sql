-- The shares and values of the cohorts.
begin;
select plan(1);

insert into trustcart.cohort_months (cohort, month_number, customers, orders, revenue)
values
('2025-01-01', 0, 8, 9, 1600), ('2025-01-01', 1, 2, 5, 400), ('2025-01-01', 3, 1, 1, 100), ('2025-02-01', 0, 3, 3, 100);
select results_eq(
    $$select r.cohort, r.month_number::integer, r.cohort_customers, r.customers, r.retention, r.orders, r.revenue,
    r.value_per_customer from trustcart.cohort_retention as r order by 1, 2$$,
    $$values
    (date '2025-01-01', 0, 8, 8, 1.0000, 9, 1600.00, 200.00),
    ('2025-01-01', 1, 8, 2, 0.2500, 5, 400.00, 250.00),
    ('2025-01-01', 3, 8, 1, 0.1250, 1, 100.00, 262.50),
    ('2025-02-01', 0, 3, 3, 1.0000, 3, 100.00, 33.33)$$,
    'retention is a share of the cohort; the value adds up'
);

select * from finish();
rollback;
