begin;
select plan(9);

insert into trustcart.customers (id, first_name, phone) values (1, 'Ana', null), (2, 'Ana', '01711000111'), (3, 'C', null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values
(1, trustcart.business_date(), 30000), (2, trustcart.business_date() - 1, 30000);
create temporary table merged as select (trustcart.merge_customers(1, 2) -> 'merge_id')::bigint as id;
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, trustcart.business_date(), 5);
select is(
    (select trustcart.undo_merge(m.id) -> 'returned' -> 'sales_orders' from merged as m), '1', 'what came goes back'
);
select results_eq(
    'select id, order_count, total_spend, phone, is_active, merged_into_id from trustcart.customers where id < 3
    order by id',
    $$ values (1::bigint, 2, 30005.00, null::text, true, null::bigint), (2, 1, 30000.00, '01711000111', true, null) $$,
    'what is new stays, what was filled in is empty again'
);
select results_eq(
    'select undone_at from trustcart.customer_merges', 'values (now())', 'on record'
);
select is_empty('select * from trustcart.check_customer_state()', 'every figure is right');
select throws_ok('select trustcart.undo_merge(m.id) from merged as m', 'TC111', null, 'once');
select throws_ok('select trustcart.undo_merge(null)', 'TC003', null, 'which');
select throws_ok('select trustcart.undo_merge(-1)', 'TC004', null, 'none of these');
create temporary table again as select (trustcart.merge_customers(1, 2) -> 'merge_id')::bigint as id;
select trustcart.merge_customers(3, 1);
select throws_ok('select trustcart.undo_merge(a.id) from again as a', 'TC212', null, 'the later merge first');
select trustcart.erase_customer(3);
select throws_ok(
    'select trustcart.undo_merge(m.id) from trustcart.customer_merges as m where m.survivor_id = 3', 'TC111', null,
    'not after an erasure'
);

select * from finish();
rollback;
