begin;
select plan(4);
insert into trustcart.customers (id, is_active) values (1, true), (2, false);
select is(trustcart.check_access(1), 1::bigint, 'the id given');
select is(trustcart.check_access(2), 2::bigint, 'of a closed account as well');
select throws_ok(
    'select trustcart.check_access(null)', 'TC003', 'customer_id is required', 'no id'
);
select throws_ok(
    'select trustcart.check_access(3)', 'TC004', 'there is no customer 3', 'no such customer'
);
select * from finish();
rollback;
