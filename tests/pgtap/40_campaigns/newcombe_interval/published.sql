-- Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
begin;
select plan(11);

select is(
    array(
        select round(b.bound::numeric, 4)
        from unnest(trustcart.newcombe_interval(t.one, t.trials, t.other, t.other_trials)) as b (bound)
    ),
    t.expected, format('%s of %s less %s of %s', t.one, t.trials, t.other, t.other_trials)
)
from (
    values
    (56, 70, 48, 80, array[0.0524, 0.3339]), (9, 10, 3, 10, array[0.1705, 0.8090]), (6, 7, 2, 7, array[0.0582, 0.8062]),
    (5, 56, 0, 29, array[-0.0381, 0.1926]), (0, 10, 0, 20, array[-0.1611, 0.2775]),
    (0, 10, 0, 10, array[-0.2775, 0.2775]), (10, 10, 0, 20, array[0.6791, 1.0000]),
    (10, 10, 0, 10, array[0.6075, 1.0000])
) as t (one, trials, other, other_trials, expected);
select is(trustcart.newcombe_interval(1, 2, 0, 0), null, 'nothing to compare with');
select is(trustcart.newcombe_interval(0, 0, 1, 2), null, 'nothing to compare');
select is(trustcart.newcombe_interval(null, 2, 1, 2), null, 'null');

select * from finish();
rollback;
