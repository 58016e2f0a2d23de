-- What was in two of five orders: 2.5 products on average, of 2,000. Customers keep to three of a hundred kinds of
-- households, each with favourites of its own; a third of what they buy is what everybody buys.
select setseed(0.45);

insert into trustcart.products (name, sku, category_id, price, stock_quantity)
select
    'Basket product ' || g.place,
    'B-' || g.place,
    (select c.id from trustcart.categories as c order by c.id limit 1 offset g.place % 6),
    50 + g.place % 997,
    case when g.place % 20 = 0 then 0 when g.place % 3 = 0 then 100 end
from generate_series(0, 1999) as g (place);
create temporary table bench_products as
select
    p.id,
    substr(p.sku, 3)::integer as rank
from trustcart.products as p
where p.sku like 'B-%';
create unique index on bench_products (rank) include (id);
analyze bench_products;

-- Loaded as a DBA loads a history: the keys fit by construction, and the first refresh counts it all.
alter table trustcart.sales_order_items disable trigger all;
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)
select
    d.order_id,
    p.id,
    1,
    50 + d.rank % 997
from (
    select
        x.order_id,
        case
            when random() < 0.33 then floor(2000 * power(random(), 3))::integer
            else (x.household + 100 * floor(20 * power(random(), 2)))::integer
        end as rank
    from (
        select
            so.id as order_id,
            (so.customer_id * 7 + floor(3 * power(random(), 2))::integer) % 100 as household,
            1 + floor(6 * power(random(), 2))::integer as lines
        from trustcart.sales_orders as so
        where so.id % 5 < 2
    ) as x
    cross join lateral generate_series(1, x.lines) as g (line)
) as d
inner join bench_products as p on d.rank = p.rank;
alter table trustcart.sales_order_items enable trigger all;

insert into trustcart.product_recommendation_rules (
    rule_name, product_id, target_category, target_customer_type, discount_percentage
)
select
    'Rule ' || p.rank,
    p.id,
    case when p.rank % 3 > 0 then c.name end,
    (array['new', 'repeat', 'vip', 'inactive'])[1 + p.rank % 4],
    5 * (1 + p.rank % 4)
from bench_products as p
inner join trustcart.products as t on p.id = t.id
inner join trustcart.categories as c on t.category_id = c.id
where p.rank % 20 = 7;
