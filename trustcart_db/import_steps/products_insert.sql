-- The products that no item so far was of: known by their sku or, without one, by their name whatever its case.
insert into trustcart.products (name, sku, category_id, price)
select distinct on (coalesce('sku ' || i.sku, lower(i.product)))
    coalesce(i.product, i.sku),
    i.sku,
    (select min(c.id) from trustcart.categories as c where lower(c.name) = lower(i.category)),
    i.unit_price::numeric
from import_items as i
where
    not exists (
        select from trustcart.products as p
        where case when i.sku is null then i.product in (p.sku) or lower(p.name) = lower(i.product) else p.sku = i.sku end
    )
order by coalesce('sku ' || i.sku, lower(i.product)), i.record;
