begin;
select plan(4);

insert into trustcart.customers (id)
select n from generate_series(900001, 900004) as n;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(900001, '1980-06-01', 100, 'delivered'),
(900001, '1980-06-20', 300, 'delivered'),
(900002, '1980-06-20', 50, 'delivered'),
(900003, '1980-06-25', 60000, 'delivered'),
(900004, '1980-06-25', 70000, 'cancelled');

select results_eq(
    $$select customer_type, temperature, customer_count, total_revenue, avg_lifetime_value
    from trustcart.report_segments('1980-06-26') where customer_type is not null$$,
    $$values
    ('vip', 'hot', 1::bigint, 60000.00, 60000.00), ('repeat', 'hot', 1, 400.00, 400.00), ('new', 'hot', 1, 50.00, 50.00)$$,
    'by type and temperature, the most revenue first; cancelled orders do not count'
);
select results_eq(
    $$select customer_type, temperature, customer_count, total_revenue
    from trustcart.report_segments('1980-06-10') where customer_type is not null$$,
    $$values ('new', 'warm', 1::bigint, 100.00)$$,
    'a past date knows the orders up to it'
);
select is(
    (select sum(r.customer_count) from trustcart.report_segments('1980-06-26') as r),
    (select count(*)::numeric from trustcart.customers as c),
    'every customer is in one segment'
);
select throws_ok($$select * from trustcart.report_segments('-infinity')$$, 'TC001', null, 'infinity is no date');

select * from finish();
rollback;
