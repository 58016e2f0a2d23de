-- Draws are for good and even.
begin;
select plan(4);

select is(trustcart_private.stable_fraction('holdout:1:1'), trustcart_private.stable_fraction('holdout:1:1'), 'same key');
select ok(
    (
        select min(trustcart_private.stable_fraction('k' || g.n)) >= 0 and max(trustcart_private.stable_fraction('k' || g.n)) < 1
        from generate_series(1, 10000) as g (n)
    ),
    'in [0, 1)'
);
select ok(
    (
        select count(*) between 900 and 1100
        from generate_series(1, 10000) as g (n)
        where trustcart_private.stable_fraction('holdout:7:' || g.n) < 0.1
    ),
    'a tenth of the keys draws less than 0.1'
);
-- The first eight digits of md5('a') are 0cc175b9.
select is(trustcart_private.stable_fraction('a'), x'0cc175b9'::bigint / 4294967296.0::double precision, 'by md5');

select * from finish();
rollback;
