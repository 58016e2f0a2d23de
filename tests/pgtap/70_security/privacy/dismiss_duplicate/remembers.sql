begin;
select plan(6);

insert into trustcart.customers (id) values (1), (2);
select is(trustcart.dismiss_duplicate(2, 1), true, 'they are two');
select is(trustcart.dismiss_duplicate(1, 2), false, 'that was known');
select results_eq(
    'select customer_id, other_customer_id from trustcart.dismissed_duplicates', 'values (1::bigint, 2::bigint)',
    'once, whichever way round'
);
select throws_ok('select trustcart.dismiss_duplicate(1, 1)', 'TC005', null, 'one is not two');
select throws_ok('select trustcart.dismiss_duplicate(1, null)', 'TC003', null, 'who else');
select throws_ok('select trustcart.dismiss_duplicate(1, 9)', 'TC004', null, 'nobody we know');

select * from finish();
rollback;
