-- A running period is compared with as many days of the one before.
begin;
select plan(9);

select results_eq(
    $$select * from trustcart_private.report_span('weekly', '2026-01-01')$$,
    $$values (date '2025-12-29', date '2026-01-04', date '2026-01-04', date '2025-12-22', date '2025-12-28', false)$$,
    'a week is Monday to Sunday'
);
select results_eq(
    $$select * from trustcart_private.report_span('monthly', '2024-03-15')$$,
    $$values (date '2024-03-01', date '2024-03-31', date '2024-03-31', date '2024-02-01', date '2024-02-29', false)$$,
    'a month against the month before, however long'
);
select results_eq(
    $$select * from trustcart_private.report_span('daily', trustcart.business_date())$$,
    $$select d, d, d, d - 1, d - 1, true from (select trustcart.business_date() as d) as x$$,
    'today against yesterday'
);
select results_eq(
    $$select s.date_to, s.previous_to - s.previous_from, s.is_running
    from trustcart_private.report_span('weekly', trustcart.business_date()) as s$$,
    $$select trustcart.business_date(), extract(isodow from trustcart.business_date())::integer - 1, true$$,
    'of the running week the days so far, against as many'
);
select results_eq(
    $$select s.date_from, s.date_to, s.whole_to, s.is_running
    from trustcart_private.report_span('monthly', trustcart.business_date() + 40) as s$$,
    $$select f::date, (f + interval '1 month')::date - 1, (f + interval '1 month')::date - 1, false
    from (select date_trunc('month', (trustcart.business_date() + 40)::timestamp) as f) as x$$,
    'one to come is whole'
);
select results_eq(
    $$select s.date_from, s.previous_from from trustcart_private.report_span('monthly', '1900-01-20') as s$$,
    $$values (date '1900-01-01', date '1900-01-01')$$, 'not before the first business date'
);
select results_eq(
    $$select s.date_to, s.whole_to from trustcart_private.report_span('weekly', '2199-12-31') as s$$,
    $$values (date '2199-12-31', date '2199-12-31')$$, 'nor after the last'
);
select throws_ok($$select * from trustcart_private.report_span('yearly', '2026-01-01')$$, 'TC002', null, 'yearly');
select throws_ok($$select * from trustcart_private.report_span('daily', null)$$, 'TC001', null, 'no date');

select * from finish();
rollback;
