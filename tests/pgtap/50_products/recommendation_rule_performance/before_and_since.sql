-- What a rule's product sold since the rule was made, against as many days before.
begin;
select plan(2);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey'), (2, 'Ghee');
insert into trustcart.customers (id)
overriding system value
values (1), (2);
-- Made at noon of the day nine days ago: ten days with today.
insert into trustcart.product_recommendation_rules (id, rule_name, product_id, discount_percentage, created_at)
overriding system value
values
(1, 'Honey', 1, 10, (trustcart.business_date() - 9 + time '12:00') at time zone 'Asia/Dhaka'), (2, 'Ghee', 2, 5, now());
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
select o.id, o.customer_id, trustcart.business_date() - o.days, 100, o.status
from (
    values
    (1, 1, 0, 'delivered'), (2, 1, 9, 'delivered'), (3, 2, 5, 'delivered'), (4, 2, 5, 'cancelled'),
    (5, 1, 10, 'delivered'), (6, 1, 19, 'delivered'), (7, 1, 20, 'delivered')
) as o (id, customer_id, days, status);
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price, line_total)
select o.id, 1, 2, 50, case when o.id = 3 then 90 end from trustcart.sales_orders as o;

select results_eq(
    $$select rule_name, days, orders, customers, revenue, orders_before, revenue_before
    from trustcart.recommendation_rule_performance order by rule_id$$,
    $$values ('Honey', 10, 3::bigint, 2::bigint, 290.00, 2::bigint, 200.00), ('Ghee', 1, 0, 0, 0.00, 0, 0.00)$$,
    'counted orders, the days on either side in full'
);
select is(
    (select v.since from trustcart.recommendation_rule_performance as v where v.rule_id = 1),
    trustcart.business_date() - 9, 'since the business date on which it was made'
);

select * from finish();
rollback;
