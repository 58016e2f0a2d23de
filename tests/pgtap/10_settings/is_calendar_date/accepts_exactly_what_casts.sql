-- It says true of every day that can be cast, and of nothing else.
begin;
select plan(5);

select is_empty(
    $$select d from generate_series('1850-01-01'::timestamp, '2199-12-31', '1 day') as d
    where trustcart_private.is_calendar_date(to_char(d, 'YYYY-MM-DD')) is not true$$,
    'every day from 1850 to 2199 is one'
);
select is_empty(
    $$select y || '-' || m || '-' || d
    from generate_series(1850, 2199) as y, generate_series(0, 13) as m, generate_series(28, 32) as d
    where trustcart_private.is_calendar_date(format('%s-%s-%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0')))
    <> (
        m between 1 and 12 and d <= extract(
            day from make_date(y, greatest(least(m, 12), 1), 1) + interval '1 month' - interval '1 day'
        )
    )$$,
    'around the ends of months it is right'
);
select is_empty(
    $$select x from unnest(array[
        '', 'infinity', '-infinity', 'today', '2025-13-40', '2025-1-1', '20250101', '01/02/2025', '2025-01-01 ',
        ' 2025-01-01', '2025-01-01T00:00', '1849-12-31', '2200-01-01', '02025-01-01', '2025-01-0১', E'2025-01-01\n'
    ]) as x where trustcart_private.is_calendar_date(x) is not false$$,
    'what is written otherwise, or lies beyond, is none'
);
select ok(trustcart_private.is_calendar_date(null) is null, 'null of null');
select is(
    (select '2024-02-29'::date where trustcart_private.is_calendar_date('2024-02-29')), '2024-02-29'::date, 'leap day'
);

select * from finish();
rollback;
