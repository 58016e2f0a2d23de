-- What an agent on the phone, or the shop's page, can offer a customer, and why.
begin;
\ir shop.sql

insert into trustcart.categories (id, name)
overriding system value
values (9001, 'Example honey');
insert into trustcart.products (id, name, category_id, price, stock_quantity)
overriding system value
values
(9001, 'Example honey 500g', 9001, 500, 40), (9002, 'Example black seed', null, 240, null),
(9003, 'Example honey 1kg', 9001, 900, 12), (9004, 'Example dates', null, 320, 0);
insert into trustcart.product_recommendation_rules (rule_name, product_id, target_category, discount_percentage)
values ('Larger jar', 9003, 'Example honey', 10);
-- Honey in every order; black seed in every second, and dates, which are sold out.
insert into trustcart.sales_order_items (order_id, product_id)
select
    o.id,
    i.product_id
from (
    select
        so.id,
        row_number() over (partition by so.customer_id order by so.order_date) as place
    from trustcart.sales_orders as so
    where so.customer_id between 9001 and 9004
) as o
inner join (values (9001, 1), (9002, 2), (9004, 2)) as i (product_id, every) on o.place % i.every = 0;
do $$ begin perform trustcart.refresh_recommendations(); end $$;

select
    c.first_name,
    r.product_name,
    r.list_price,
    r.discount_percentage as discount,
    r.recommended_price as price,
    regexp_replace(r.reason, '\d{4}-\d\d-\d\d', '(date)') as reason
from trustcart.customers as c
cross join lateral trustcart.get_product_recommendations(c.id, 5) as r
where c.id in (9001, 9004, 9005) and r.product_id between 9001 and 9004
order by c.id asc, r.score desc, r.product_id asc;

-- What is bought together, for a page of its own.
select
    a.product_name,
    a.other_product_name,
    a.orders,
    a.confidence
from trustcart.product_affinities as a
where a.product_id = 9001 and a.other_product_id between 9001 and 9004
order by a.confidence desc, a.other_product_id asc;

rollback;
