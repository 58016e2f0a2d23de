-- GET /cdm/behavior/:customerId, in the guide's shape.
begin;
select plan(4);

insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1, trustcart.business_date() - 25 * g.n, 3000, 'delivered' from generate_series(0, 3) as g (n);
update trustcart.customer_behavior
set preferred_categories = '{Honey,Organic Foods}', preferred_payment_method = 'bKash', peak_order_time = 'evening';
select ok(
    trustcart_api.behavior(1) @> '{
      "customer_id": 1, "avg_order_value": 3000, "preferred_categories": ["Honey", "Organic Foods"],
      "preferred_payment_method": "bKash", "avg_days_between_orders": 25, "peak_order_time": "evening",
      "has_abandoned_cart": false
    }',
    'the guide''s example'
);
select ok(
    trustcart_api.behavior(2) @> '{"customer_id": 2, "avg_order_value": null, "preferred_categories": [],
    "has_abandoned_cart": false}',
    'before the first order: nulls, an empty list'
);
select throws_ok('select trustcart_api.behavior(null)', 'TC003', 'customerId is required', 'no customer is named');
select throws_ok('select trustcart_api.behavior(99)', 'TC004', null, 'an unknown customer');

select * from finish();
rollback;
