begin;
select plan(10);

insert into trustcart.customers (id) select g.id from generate_series(1, 5) as g (id);
-- A guest that was adopted.
insert into trustcart.customers (id) values (-7);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() - 50, 100, 'delivered' from trustcart.customers as c;
select trustcart.refresh_customer_state();

select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4)
    - 'as_of', '{"advanced": 4, "relabelled": 0, "changes": 4, "is_complete": false}', 'so many at a time'
);
select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4)
    - 'as_of', '{"advanced": 2, "relabelled": 0, "changes": 2, "is_complete": true}', 'then the rest'
);
select is(
    (select k.as_of from trustcart_private.customer_state_clock as k), trustcart.business_date() + 10,
    'the clock moves at the end'
);

update trustcart.settings set at_risk_from_days = 70;
select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4)
    - 'as_of', '{"advanced": 0, "relabelled": 4, "changes": 4, "is_complete": false}', 'a changed threshold as well'
);
select is(
    (select array_agg(c.id order by c.id) from trustcart.customers as c where c.lifecycle_stage = 'at_risk'),
    array[4, 5]::bigint[], 'by id'
);
-- Changed again before it was through.
update trustcart.settings set at_risk_from_days = 50;
select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4)
    - 'as_of', '{"advanced": 0, "relabelled": 4, "changes": 4, "is_complete": false}', 'another one begins anew'
);
select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4)
    - 'as_of', '{"advanced": 0, "relabelled": 0, "changes": 0, "is_complete": true}', 'and is gone through'
);
select is_empty('select * from trustcart.check_customer_state()', 'all is right then');
select is_empty('select * from trustcart_private.batch_positions', 'and nothing is kept');
select is(
    trustcart.refresh_customer_state(trustcart.business_date() + 10, p_limit => 4) ->> 'relabelled', '0', 'nor done twice'
);

select * from finish();
rollback;
