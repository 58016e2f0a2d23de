-- GET /crm-automation/recommendations/:customerId, in the guide's shape.
begin;
select plan(6);

insert into trustcart.customers (id)
overriding system value
values (1);
insert into trustcart.categories (id, name)
overriding system value
values (1, 'Honey');
insert into trustcart.products (id, name, price, category_id)
overriding system value
values (10, 'Organic Honey 500g', 500, 1), (11, 'Honey 1kg', 900, 1);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
overriding system value
values (1, 1, trustcart.business_date() - 5, 900);
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 11);
select is(trustcart_api.recommendations(1), '[]', 'nothing to recommend is an empty list');
insert into trustcart.product_recommendation_rules (rule_name, product_id, target_category, discount_percentage)
values ('Honey', 10, 'Honey', 10);
select ok(
    trustcart_api.recommendations(1) @> '[{
      "product_id": 10, "product_name": "Organic Honey 500g", "recommended_price": 450, "discount_percentage": 10,
      "reason": "Based on previous purchases: Honey (rule ''Honey'')", "list_price": 500, "source": "rule"
    }]',
    'the guide''s example: the price is the one after the discount'
);
select is(jsonb_array_length(trustcart_api.recommendations(1)), 1, 'each product once');
select throws_ok('select trustcart_api.recommendations(null)', 'TC003', 'customerId is required', 'no customer is named');
select throws_ok('select trustcart_api.recommendations(99)', 'TC004', null, 'an unknown customer');
select throws_ok('select trustcart_api.recommendations(1, 0)', 'TC005', null, 'a limit of none');

select * from finish();
rollback;
