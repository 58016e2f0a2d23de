begin;
select plan(3);
insert into trustcart.customers (id) values (1), (2), (3);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select v.id, trustcart.business_date(), v.amount from (values (1, 30000), (2, 60000), (3, 10)) as v (id, amount);
select is_empty('select * from trustcart.loyalty_differences()', 'none when nothing is wrong');
delete from trustcart.customer_loyalty where customer_id = 1;
update trustcart.customer_loyalty set tier = 'platinum' where customer_id = 2;
insert into trustcart.customer_loyalty (customer_id, tier, since) values (3, 'silver', trustcart.business_date());
select set_eq(
    'select * from trustcart.loyalty_differences()',
    $$ values (1::bigint, null, 'silver'), (2, 'platinum', 'gold'), (3, 'silver', null) $$,
    'missing, wrong and needless ones'
);
select is(
    (select count(*) from trustcart.check_customer_state() where figure = 'loyalty tier'), 3::bigint,
    'check_customer_state() tells them'
);
select * from finish();
rollback;
