-- The guide's columns and rules; a name with a part missing is no null.
begin;
select plan(4);

insert into trustcart.customers (id, first_name, last_name)
values (1, 'Rahim', 'Uddin'), (2, 'Karim', null), (3, null, 'Begum'), (4, null, null), (5, 'Vip', 'At risk');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, trustcart.business_date() - 1, 60000, 'delivered'), (2, trustcart.business_date() - 65, 100, 'delivered'),
(3, trustcart.business_date() - 1, 100, 'delivered'), (4, trustcart.business_date() - 200, 90000, 'delivered'),
(5, trustcart.business_date() - 65, 90000, 'delivered');

select is(
    (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = 'trustcart.customer_intelligence'::regclass and a.attnum between 1 and 7
    ),
    array[
        'customer_id', 'customer_name', 'customer_type', 'lifecycle_stage', 'total_spend', 'recommended_action',
        'call_priority'
    ],
    'the columns of the guide come first'
);
select results_eq(
    $$select i.customer_id, i.customer_name, i.recommended_action, i.call_priority
    from trustcart.customer_intelligence as i order by 1$$,
    $$values
    (1::bigint, 'Rahim Uddin', 'Personal call from manager', 'hot'),
    (2, 'Karim', 'Send discount offer', 'warm'),
    (3, 'Begum', 'Welcome gift voucher', 'cold'),
    (4, null, 'Regular follow-up', 'cold'),
    (5, 'Vip At risk', 'Send discount offer', 'hot')$$,
    'what to do and how urgently'
);
select results_eq(
    $$select i.customer_type::text, i.lifecycle_stage::text, i.total_spend
    from trustcart.customer_intelligence as i where i.customer_id = 2$$,
    $$values ('new', 'at_risk', 100.00)$$, 'with the state of the customer'
);
insert into trustcart.customers (id, first_name) values (6, 'Prospect');
select results_eq(
    $$select i.recommended_action, i.call_priority from trustcart.customer_intelligence as i where i.customer_id = 6$$,
    $$values ('Regular follow-up', 'cold')$$, 'before an order too'
);

select * from finish();
rollback;
