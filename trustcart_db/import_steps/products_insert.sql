-- The products that no item so far was of: known by their sku or, without one, by their name whatever its case.
insert into trustcart.products (name, sku, category_id, price)
select distinct on (coalesce('sku ' || i.sku, lower(i.product)))
    coalesce(i.product, i.sku) as name,
    i.sku,
    (
        select min(c.id)
        from trustcart.categories as c
        where lower(c.name) = lower(i.category)
    ) as category_id,
    i.unit_price::numeric as price
from import_items as i
where
    not exists (
        select
        from trustcart.products as p
        where
            p.sku = i.sku
            or i.sku is null and (p.sku = i.product or lower(p.name) = lower(i.product))
    )
order by coalesce('sku ' || i.sku, lower(i.product)), i.record;
