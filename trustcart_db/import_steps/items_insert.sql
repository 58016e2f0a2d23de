-- The lines that are not there yet. A line has no number: of equal lines of an order, as many are added as are missing.
with products as (
    select
        k.sku,
        k.product,
        (
            select min(p.id)
            from trustcart.products as p
            where case
                when k.sku is null then p.sku = k.product or lower(p.name) = lower(k.product)
                else p.sku = k.sku
            end
        ) as product_id
    from (
        select distinct
            i.sku,
            i.product
        from import_items as i
    ) as k
),

given as (
    select
        o.id as order_id,
        p.product_id,
        i.product,
        v.quantity,
        v.unit_price,
        v.line_total,
        row_number() over (
            partition by o.id, p.product_id, v.quantity, v.unit_price, v.line_total order by i.record
        ) as occurrence
    from import_items as i
    inner join trustcart.sales_orders as o on i.order_number = o.order_number
    inner join products as p on i.sku is not distinct from p.sku and i.product is not distinct from p.product
    cross join lateral (
        select
            coalesce(i.quantity::numeric, 1) as quantity,
            i.unit_price::numeric as unit_price,
            coalesce(
                i.line_total::numeric, round(coalesce(i.quantity::numeric, 1) * i.unit_price::numeric, 2)
            ) as line_total
    ) as v
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
    coalesce(g.product, p.name),
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
