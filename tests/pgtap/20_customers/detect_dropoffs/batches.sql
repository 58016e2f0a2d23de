begin;
select plan(8);

insert into trustcart.customers (id) select g.id from generate_series(1, 5) as g (id);
insert into trustcart.customers (id) values (-7);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() - 50, 100, 'delivered' from trustcart.customers as c;

select is(
    trustcart.detect_dropoffs(p_limit => 4) - 'as_of',
    '{"opened": 4, "raised": 0, "closed": 0, "open": {}, "is_complete": false}', 'so many customers at a time'
);
select is(
    (select array_agg(d.customer_id order by d.customer_id) from trustcart.customer_dropoff_tracking as d),
    array[-7, 1, 2, 3]::bigint[], 'by id'
);
select is((select k.dropoffs_as_of from trustcart_private.customer_state_clock as k), null, 'not done yet');
select is(
    trustcart.detect_dropoffs(p_limit => 4) - 'as_of',
    '{"opened": 2, "raised": 0, "closed": 0, "open": {"low": 6}, "is_complete": true}', 'then the rest'
);
select is(
    (select k.dropoffs_as_of from trustcart_private.customer_state_clock as k), trustcart.business_date(), 'done'
);
select is(
    trustcart.detect_dropoffs(trustcart.business_date() + 12, p_limit => 4) ->> 'raised', '4', 'levels likewise'
);
-- The day passed before that one was through.
select is(
    trustcart.detect_dropoffs(trustcart.business_date() + 45, p_limit => 100) - 'as_of',
    '{"opened": 0, "raised": 6, "closed": 0, "open": {"high": 6}, "is_complete": true}', 'another day begins anew'
);
select is_empty('select * from trustcart_private.batch_positions', 'nothing is kept');

select * from finish();
rollback;
