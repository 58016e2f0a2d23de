-- Friday and Saturday are the weekend.
begin;
select plan(1);

-- 15 June 2025 was a Sunday
select results_eq(
    $$select trustcart_private.next_working_day(d::date) - d::date
    from generate_series('2025-06-15', '2025-06-21', interval '1 day') as g (d)$$,
    array[1, 1, 1, 1, 3, 2, 1],
    'Sunday to Saturday'
);

select * from finish();
rollback;
