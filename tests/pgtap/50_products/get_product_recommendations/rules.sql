-- The shop's rules: by category bought, customer type, discount; the price to ask is the one after the discount.
begin;
select plan(14);

insert into trustcart.categories (id, name, parent_id)
overriding system value
values (1, 'Honey', null), (2, 'Raw honey', 1), (3, 'Spices', null);
insert into trustcart.products (id, name, category_id, price)
overriding system value
values
(1, 'Honey 500g', 1, 500), (2, 'Raw honey 1kg', 2, 900), (3, 'Cumin', 3, 80), (4, 'Ghee', null, 333.33),
(5, 'Gift', null, null), (6, 'Oats', null, 200);
-- 1 buys raw honey, 2 cumin, 3 nothing; 4 is a vip by one dear order without items.
insert into trustcart.customers (id)
overriding system value
values (1), (2), (3), (4);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values
(1, 1, '2026-03-01', 900, 'delivered'), (2, 2, '2026-03-01', 80, 'delivered'), (4, 4, '2026-06-01', 60000, 'delivered'),
(5, 2, '2026-03-01', 500, 'cancelled');
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 2), (2, 3), (5, 1);
do $$ begin perform trustcart.refresh_customer_state(trustcart.business_date()); end $$;
update trustcart.settings set vip_order_count = 6;

-- As the guide's columns have it.
insert into trustcart.product_recommendation_rules (
    rule_name, product_id, target_category, target_customer_type, discount_percentage
)
values
('Honey lovers', 1, ' honey', null, 10),
('Gifts', 5, null, 'inactive', 5),
(null, 4, 'SPICES', null, 7.5);
create temporary view offers as
select
    c.id as customer_id,
    r.*
from trustcart.customers as c
cross join lateral trustcart.get_product_recommendations(c.id, 10, '2026-06-15') as r;

select results_eq(
    $$select customer_id, product_id, discount_percentage, recommended_price, list_price from offers
    where source = 'rule' and evidence -> 'rule' ->> 'target_category' is not null order by 1, 2$$,
    $$values (1::bigint, 1::bigint, 10.00, 450.00, 500.00), (2, 4, 7.50, 308.33, 333.33)$$,
    'the guide''s example: 10 % off 500 makes 450; a category is met through its parts, in any case'
);
select is(
    (select o.reason from offers as o where o.customer_id = 1 and o.product_id = 1),
    'Based on previous purchases: honey (rule ''Honey lovers'')', 'the reason tells the category and the rule'
);
select is(
    (select o.reason from offers as o where o.customer_id = 2 and o.product_id = 4),
    format(
        'Based on previous purchases: SPICES (rule %s)',
        (select r.id from trustcart.product_recommendation_rules as r where r.rule_name is null)
    ),
    'a rule without a name goes by its id'
);
select ok(
    not exists (select from offers as o where o.customer_id = 2 and o.product_id = 1),
    'what was bought in a cancelled order was not bought'
);
select is(
    (select c.customer_type from trustcart.customers as c where c.id = 1), 'inactive', 'the type is what it is today'
);
select results_eq(
    $$select product_id, recommended_price, reason from offers where customer_id = 1 and source = 'rule'
    and product_id = 5$$,
    $$values (5::bigint, null::numeric, 'Offered to inactive customers (rule ''Gifts'')')$$,
    'by type alone; a product without a price has none to ask'
);
select is_empty(
    $$select * from offers where customer_id = 3 and source = 'rule'$$, 'who is of no type yet is not of that one'
);

insert into trustcart.product_recommendation_rules (rule_name, product_id, discount_percentage)
values ('Everyone', 6, null);
select results_eq(
    $$select product_id, recommended_price, discount_percentage, reason from offers where customer_id = 3$$,
    $$values (6::bigint, 200.00, 0.00, 'Offered to every customer (rule ''Everyone'')')$$,
    'a rule for all serves a customer without history, without a discount if it says none'
);
-- Two rules for one product: the better offer is made, once.
insert into trustcart.product_recommendation_rules (rule_name, product_id, discount_percentage)
values ('Better', 6, 20), ('Worse', 6, 5);
select results_eq(
    $$select product_id, recommended_price, reason from offers where customer_id = 3$$,
    $$values (6::bigint, 160.00, 'Offered to every customer (rule ''Better'')')$$,
    'the better of two offers, once'
);
update trustcart.product_recommendation_rules set is_active = false
where rule_name = 'Better';
select results_eq(
    $$select recommended_price from offers where customer_id = 3$$, 'values (190.00)', 'a rule that rests is not applied'
);

select throws_ok(
    $$insert into trustcart.product_recommendation_rules (rule_name, discount_percentage) values ('No product', 5)$$,
    '23502', null, 'a rule names a product'
);
select throws_ok(
    $$insert into trustcart.product_recommendation_rules (product_id, discount_percentage) values (1, 101)$$,
    '23514', null, 'a discount is at most the price'
);
select throws_ok(
    $$insert into trustcart.product_recommendation_rules (product_id, target_customer_type) values (1, 'gold')$$,
    '23514', null, 'a customer type is one of the four'
);
select lives_ok(
    $$insert into trustcart.product_recommendation_rules
    (rule_name, product_id, target_category, target_customer_type, discount_percentage, is_active, created_at)
    values ('Full', 1, 'Honey', 'repeat', 12.5, true, now())$$,
    'the guide''s columns'
);

select * from finish();
rollback;
