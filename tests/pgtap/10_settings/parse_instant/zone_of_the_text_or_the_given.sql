begin;
select plan(5);

set local time zone 'America/New_York';
select is(
    trustcart_private.parse_instant('2025-12-19 18:30', 'Asia/Dhaka'), '2025-12-19 12:30+00'::timestamptz,
    'without an offset: in the zone given, whatever the session''s'
);
select is(
    trustcart_private.parse_instant('2025-12-19T18:30:15Z', 'Asia/Dhaka'), '2025-12-19 18:30:15+00'::timestamptz, 'Z'
);
select is(
    trustcart_private.parse_instant('2025-12-19 18:30-05', 'Asia/Dhaka'), '2025-12-19 23:30+00'::timestamptz, 'an offset'
);
select is(
    trustcart_private.parse_instant('2025-12-19 18:30:00 +05:30', 'Asia/Dhaka'), '2025-12-19 13:00+00'::timestamptz,
    'an offset of hours and minutes'
);
select ok(trustcart_private.parse_instant(null, 'Asia/Dhaka') is null, 'null of null');

select * from finish();
rollback;
