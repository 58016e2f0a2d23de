-- The state speaks of the shop's own date, by the short way of one order and by the way of many. Of the two zones, 25
-- hours apart, at least one has another date than the server's.
begin;
select plan(5);
insert into trustcart.customers (id) select g from generate_series(1, 6) as g;

update trustcart.settings set time_zone = 'Pacific/Pago_Pago';
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, trustcart.business_date(), 1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (2, trustcart.business_date(), 1), (3, trustcart.business_date(), 1);
select is(c.state_as_of, trustcart.business_date(), 'in Samoa, one order') from trustcart.customers as c where c.id = 1;
select is(c.state_as_of, trustcart.business_date(), 'in Samoa, many') from trustcart.customers as c where c.id = 2;

update trustcart.settings set time_zone = 'Pacific/Kiritimati';
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (4, trustcart.business_date(), 1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (5, trustcart.business_date(), 1), (6, trustcart.business_date(), 1);
select is(c.state_as_of, trustcart.business_date(), 'on Kiritimati, one') from trustcart.customers as c where c.id = 4;
select is(c.state_as_of, trustcart.business_date(), 'on Kiritimati, many') from trustcart.customers as c where c.id = 5;
select cmp_ok(
    (select max(c.state_as_of) - min(c.state_as_of) from trustcart.customers as c), '>=', 1,
    'where it is a later day'
);
select * from finish();
rollback;
