create or replace view trustcart.product_affinities
with (security_invoker = true) as
select
    pp.product_id,
    p.name as product_name,
    pp.other_product_id,
    o.name as other_product_name,
    pp.orders,
    f.orders as product_orders,
    g.orders as other_product_orders,
    round(pp.orders::numeric / nullif(s.baskets, 0), 6) as support,
    round(pp.orders::numeric / nullif(f.orders, 0), 4) as confidence,
    round(pp.orders::numeric * s.baskets / nullif(f.orders::numeric * g.orders, 0), 2) as lift
from trustcart.product_pairs as pp
inner join trustcart.products as p on pp.product_id = p.id
inner join trustcart.products as o on pp.other_product_id = o.id
inner join trustcart.product_figures as f on pp.product_id = f.product_id
inner join trustcart.product_figures as g on pp.other_product_id = g.product_id
cross join trustcart.recommendation_state as s;

comment on view trustcart.product_affinities is
'What is bought together: a row for each two products that share a basket, in both directions, as of the last
refresh_recommendations().';
comment on column trustcart.product_affinities.product_id is 'One product.';
comment on column trustcart.product_affinities.product_name is 'Its name.';
comment on column trustcart.product_affinities.other_product_id is 'The product bought with it.';
comment on column trustcart.product_affinities.other_product_name is 'Its name.';
comment on column trustcart.product_affinities.orders is 'Baskets that held both.';
comment on column trustcart.product_affinities.product_orders is 'Baskets that held product_id.';
comment on column trustcart.product_affinities.other_product_orders is 'Baskets that held other_product_id.';
comment on column trustcart.product_affinities.support is 'Share of all baskets that held both.';
comment on column trustcart.product_affinities.confidence is
'Share of the baskets with product_id that held other_product_id as well.';
comment on column trustcart.product_affinities.lift is
'How many times as often as chance alone would have it; 1: the two have nothing to do with each other.';
