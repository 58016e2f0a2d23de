-- A row a cohort; months to come say nothing.
begin;
select plan(2);

insert into trustcart.cohort_months (cohort, month_number, customers, orders, revenue)
values
('2025-01-01', 0, 8, 9, 1600), ('2025-01-01', 1, 2, 5, 400), ('2025-01-01', 3, 1, 1, 100), ('2025-02-01', 0, 3, 3, 100);
select results_eq(
    $$select r.cohort, r.customers, r.month_1, r.month_2, r.month_3, r.month_4, r.value_per_customer
    from trustcart.report_cohorts('2025-04-15') as r$$,
    $$values ('2025-01', 8, 25.0000, 0::numeric, 12.5000, null::numeric, 262.50),
    ('2025-02', 3, 0, 0, null, null, 33.33)$$,
    'percent of the cohort in each month since'
);
select throws_ok($$select trustcart.report_cohorts(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
