-- What is no customer, no limit, no date.
begin;
select plan(9);

insert into trustcart.customers (id)
overriding system value
values (1);
select is_empty('select * from trustcart.get_product_recommendations(1)', 'an empty shop has nothing to recommend');
select throws_ok(
    'select * from trustcart.get_product_recommendations(null)', 'TC003', 'customer_id is required', 'no customer'
);
select throws_ok(
    'select * from trustcart.get_product_recommendations(99)', 'TC004', 'there is no customer 99', 'an unknown one'
);
select throws_ok(
    'select * from trustcart.get_product_recommendations(1, 0)', 'TC005', 'limit 0 is out of bounds', 'none at all'
);
select throws_ok('select * from trustcart.get_product_recommendations(1, 101)', 'TC005', null, 'too many');
select throws_ok('select * from trustcart.get_product_recommendations(1, -1)', 'TC005', null, 'fewer than none');
select lives_ok('select * from trustcart.get_product_recommendations(1, null)', 'no limit is the usual one');
select throws_ok(
    $$select * from trustcart.get_product_recommendations(1, 10, 'infinity')$$, 'TC001', null, 'not a day'
);
select throws_ok('select * from trustcart.get_product_recommendations(1, 10, null)', 'TC001', null, 'no day');

select * from finish();
rollback;
