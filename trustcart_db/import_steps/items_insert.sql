-- The lines that are not there yet. A line has no number: of equal lines of an order, as many are added as are missing.
with lines as (
    select
        i.record,
        i.order_number,
        i.sku,
        i.product,
        i.unit_price::numeric as unit_price,
        coalesce(i.quantity::numeric, 1) as quantity,
        coalesce(
            i.line_total::numeric, round(coalesce(i.quantity::numeric, 1) * i.unit_price::numeric, 2)
        ) as line_total
    from import_items as i
),

kinds as (
    select distinct
        l.sku,
        l.product
    from lines as l
),

products as (
    select
        k.sku,
        k.product,
        min(p.id) as product_id
    from kinds as k
    inner join trustcart.products as p
        on
            k.sku = p.sku
            or k.sku is null and (k.product = p.sku or lower(k.product) = lower(p.name))
    group by k.sku, k.product
),

given as (
    select
        o.id as order_id,
        p.product_id,
        l.product,
        l.quantity,
        l.unit_price,
        l.line_total,
        row_number() over (
            partition by o.id, p.product_id, l.quantity, l.unit_price, l.line_total order by l.record
        ) as occurrence
    from lines as l
    inner join trustcart.sales_orders as o on l.order_number = o.order_number
    -- Values are null or not empty, so '' stands for null, which no hash join would compare.
    inner join products as p
        on coalesce(l.sku, '') = coalesce(p.sku, '') and coalesce(l.product, '') = coalesce(p.product, '')
),

there as (
    select
        t.order_id,
        t.product_id,
        t.quantity,
        t.unit_price,
        t.line_total,
        count(*) as occurrences
    from trustcart.sales_order_items as t
    where t.order_id in (select g.order_id from given as g)
    group by t.order_id, t.product_id, t.quantity, t.unit_price, t.line_total
)

insert into trustcart.sales_order_items (order_id, product_id, product_name, quantity, unit_price, line_total)
select
    g.order_id,
    g.product_id,
    coalesce(g.product, p.name) as product_name,
    g.quantity,
    g.unit_price,
    g.line_total
from given as g
inner join trustcart.products as p on g.product_id = p.id
left join there as t
    on
        g.order_id = t.order_id
        and g.product_id = t.product_id
        and g.quantity = t.quantity
        and g.unit_price is not distinct from t.unit_price
        and g.line_total is not distinct from t.line_total
where g.occurrence > coalesce(t.occurrences, 0)
order by g.order_id;
