-- The same number or address, the likeliest first; who should go on.
begin;
select plan(6);

insert into trustcart.customers (id, first_name, phone, mobile, email, is_active) values
(1, 'Ana', '01711000111', null, 'ana@example.com', true), (2, 'ANA ', null, '+8801711000111', 'Ana@example.com', true),
(3, 'Kid', '01711000111', null, null, true), (4, 'Old', null, null, 'old@example.com', true),
(5, 'Old', null, null, 'old@example.com', false), (6, 'Alone', '01711000999', null, null, true);
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (2, '2025-01-01', 1);
select results_eq(
    'select survivor_id, duplicate_id, evidence from trustcart.duplicate_customers()',
    $$ values (2::bigint, 1::bigint, array['same e-mail', 'same number', 'same name']),
    (4, 5, array['same e-mail', 'same name']), (2, 3, array['same number']), (1, 3, array['same number']) $$,
    'open before closed, more orders before fewer, older before younger'
);
select is((select count(*) from trustcart.duplicate_customers(1)), 1::bigint, 'as many as asked for');
select is(
    (select count(*) from trustcart.duplicate_customers(100, 2)), 2::bigint,
    'three at one number say nothing when two may share one'
);
select trustcart.dismiss_duplicate(3, 2);
select is(
    (select count(*) from trustcart.duplicate_customers() where duplicate_id = 3), 1::bigint, 'dismissed: not again'
);
select trustcart.erase_customer(5), trustcart.merge_customers(2, 1);
select is_empty('select * from trustcart.duplicate_customers()', 'neither are the erased and the merged');
select throws_ok('select trustcart.duplicate_customers(0)', 'TC005', null, 'no limit');

select * from finish();
rollback;
