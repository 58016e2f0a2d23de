begin;
select plan(3);

select is_empty(
    $$select x from unnest(array[
        '2025-12-19 18:30', '2025-12-19T18:30', '2025-12-19 18:30:59', '2025-12-19 18:30:59.123456',
        '2025-12-19T18:30:00Z', '2025-12-19 18:30+06', '2025-12-19 18:30 +06:00', '2025-12-19 00:00-0930'
    ]) as x where trustcart_private.is_instant(x) is not true or x::timestamptz is null$$,
    'a date and a time, with or without an offset'
);
select is_empty(
    $$select x from unnest(array[
        '', '2025-12-19', '18:30', '2025-02-29 18:30', '2025-12-19 24:00', '2025-12-19 18:60', '2025-12-19 8:30',
        'infinity', 'now', '2025-12-19 18:30 PM', '2025-12-19 18:30+16', '19.12.2025 18:30'
    ]) as x where trustcart_private.is_instant(x) is not false$$,
    'nothing else'
);
select ok(trustcart_private.is_instant(null) is null, 'null of null');

select * from finish();
rollback;
