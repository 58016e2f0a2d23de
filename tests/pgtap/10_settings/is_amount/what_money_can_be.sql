begin;
select plan(4);

select is_empty(
    $$select x from unnest(array['0', '5', '5.', '1250.50', '0.01', '12.3400', '9999999999.99', '00012']) as x
    where trustcart_private.is_amount(x) is not true$$,
    'digits with up to two decimals that count'
);
select is_empty(
    $$select x from unnest(array[
        '', '-5', '-0', '+5', '.5', '1,250', '1e3', 'NaN', 'Infinity', '0x10', '1_000', '5 ', '1.005', '10000000000',
        '১২', repeat('9', 60)
    ]) as x where trustcart_private.is_amount(x) is not false$$,
    'nothing negative, infinite, imprecise or written otherwise'
);
select is_empty(
    $$select x from unnest(array['9999999999.99', '0', '12.3400']) as x
    where x::numeric <> x::numeric(12, 2)$$,
    'what it accepts fits the column without loss'
);
select ok(trustcart_private.is_amount(null) is null, 'null of null');

select * from finish();
rollback;
