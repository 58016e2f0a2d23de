-- A key a table, its rows as objects; each export is on record; agents export only their own, and not at all by grant.
begin;
select plan(9);

insert into trustcart.customers (id, first_name) values (1, 'A'), (2, 'B');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount) values
(11, 1, '2025-01-01', 10), (12, 2, '2025-01-01', 20);
insert into trustcart.sales_order_items (id, order_id, product_name) values (21, 11, 'x'), (22, 12, 'y');
create temporary table exported as select trustcart.export_customer(1) as whole;
select is((select whole -> 'customers' -> 0 ->> 'first_name' from exported), 'A', 'the customer');
select is((select jsonb_array_length(whole -> 'sales_orders') from exported), 1, 'the orders, no others');
select is((select whole -> 'sales_order_items' -> 0 ->> 'product_name' from exported), 'x', 'and what was in them');
select is((select whole -> 'customer_family_members' from exported), '[]', 'no family is an empty list');
select set_eq(
    $$ select jsonb_object_keys(whole) from exported $$,
    $$ select name from trustcart_private.personal_tables() $$,
    'a key a table that holds something of customers'
);
select results_eq(
    $$ select customer_id from trustcart.audit_logs where action = 'export' $$, $$ values (1::bigint) $$, 'on record'
);
select throws_ok('select trustcart.export_customer(null)', 'TC003', null, 'of nobody');
select throws_ok('select trustcart.export_customer(9)', 'TC004', null, 'of nobody we know');
select is(
    has_function_privilege('trustcart_agent', 'trustcart.export_customer(bigint)', 'execute'), false, 'not for agents'
);

select * from finish();
rollback;
