begin;
select plan(4);
insert into trustcart.customers (id, is_active) values (1, true), (2, false);
select is(trustcart_private.require_customer(1), 1::bigint, 'the id given');
select is(trustcart_private.require_customer(2), 2::bigint, 'of a closed account as well');
select throws_ok(
    'select trustcart_private.require_customer(null)', 'TC003', 'customer_id is required', 'no id'
);
select throws_ok(
    'select trustcart_private.require_customer(3)', 'TC004', 'there is no customer 3', 'no such customer'
);
select * from finish();
rollback;
