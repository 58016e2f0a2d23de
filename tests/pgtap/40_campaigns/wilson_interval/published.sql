-- Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
begin;
select plan(10);

select is(
    array(select round(b.bound::numeric, 4) from unnest(trustcart.wilson_interval(t.successes, t.trials)) as b (bound)),
    t.expected, format('%s of %s', t.successes, t.trials)
)
from (
    values
    (81, 263, array[0.2553, 0.3662]), (15, 148, array[0.0624, 0.1605]), (0, 20, array[0.0000, 0.1611]),
    (1, 29, array[0.0061, 0.1718])
) as t (successes, trials, expected);
select is((trustcart.wilson_interval(0, 7))[1], 0::double precision, 'none of some is bounded by 0 exactly');
select is((trustcart.wilson_interval(7, 7))[2], 1::double precision, 'all of some by 1');
select is(trustcart.wilson_interval(0, 0), null, 'of nothing nothing is known');
select is(trustcart.wilson_interval(3, 2), null, 'more than all is no share');
select is(trustcart.wilson_interval(null, 2), null, 'null');
select ok((trustcart.wilson_interval(9000000000000000000, 9000000000000000001))[1] > 0.99, 'as many as can be');

select * from finish();
rollback;
