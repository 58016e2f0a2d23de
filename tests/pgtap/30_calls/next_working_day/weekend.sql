-- The shop's working days and its holidays.
begin;
select plan(6);

-- 15 June 2025 was a Sunday
select results_eq(
    $$select trustcart_private.next_working_day(d::date) - d::date
    from generate_series('2025-06-15', '2025-06-21', interval '1 day') as g (d)$$,
    array[1, 1, 1, 1, 3, 2, 1],
    'Sunday to Saturday: Friday and Saturday are the weekend'
);
insert into trustcart.shop_holidays (holiday_on, name) values ('2025-06-22', 'Eid'), ('2025-06-23', 'Eid');
select is(trustcart_private.next_working_day('2025-06-19'), '2025-06-24', 'over a weekend and the holidays after it');
update trustcart.settings set working_days = '{1,2,3,4,5}';
select results_eq(
    $$select trustcart_private.next_working_day(d::date) - d::date
    from generate_series('2025-07-06', '2025-07-12', interval '1 day') as g (d)$$,
    array[1, 1, 1, 1, 1, 3, 2],
    'another weekend'
);
update trustcart.settings set working_days = '{3}';
select is(trustcart_private.next_working_day('2025-06-18'), '2025-06-25', 'one day a week');
insert into trustcart.shop_holidays (holiday_on, name)
select d::date, 'closed' from generate_series('2026-01-01', '2027-12-31', interval '1 day') as g (d);
select is(trustcart_private.next_working_day('2026-01-01'), '2026-01-02', 'closed for years: the next day');
select is(trustcart_private.next_working_day(null), null, 'of no date none');

select * from finish();
rollback;
