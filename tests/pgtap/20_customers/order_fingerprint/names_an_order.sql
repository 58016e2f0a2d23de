-- The fingerprint names the orders that were imported without a number: it may never change.
begin;
select plan(4);

select is(
    trustcart_private.order_fingerprint(1, '1997-01-01', null, 29.33, 'delivered', null, null),
    '007a2d93-cdf6-4c3c-8454-130ebce1e1a9'::uuid,
    'that of the first order of the music shop'
);
select is(
    trustcart_private.order_fingerprint(1, '2025-01-01', '2025-01-01 12:00+06', 10.5, 'delivered', 'bKash', 'x'),
    trustcart_private.order_fingerprint(1, '2025-01-01', '2025-01-01 06:00+00', 10.50, 'delivered', 'bKash', 'x'),
    'the same for the same, however it is written'
);
select is(
    (
        select count(distinct trustcart_private.order_fingerprint(c, d, a, m, s, p, n))
        from (
            values
            (1::bigint, '2025-01-01'::date, null::timestamptz, 10.0, 'delivered', null::text, null::text),
            (2, '2025-01-01', null, 10, 'delivered', null, null),
            (1, '2025-01-02', null, 10, 'delivered', null, null),
            (1, '2025-01-01', '2025-01-01 06:00+00', 10, 'delivered', null, null),
            (1, '2025-01-01', null, 10.01, 'delivered', null, null),
            (1, '2025-01-01', null, 10, 'pending', null, null),
            (1, '2025-01-01', null, 10, 'delivered', 'bKash', null),
            (1, '2025-01-01', null, 10, 'delivered', null, 'bKash')
        ) as o (c, d, a, m, s, p, n)
    ),
    8::bigint,
    'another for whatever differs'
);
set local datestyle = 'German';
set local time zone 'Asia/Tokyo';
select is(
    trustcart_private.order_fingerprint(1, '1997-01-01', null, 29.33, 'delivered', null, null),
    '007a2d93-cdf6-4c3c-8454-130ebce1e1a9'::uuid,
    'whatever the session''s settings'
);

select * from finish();
rollback;
