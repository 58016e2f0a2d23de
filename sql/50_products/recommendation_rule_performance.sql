-- requires: business_date

create or replace view trustcart.recommendation_rule_performance
with (security_invoker = true) as
select
    r.id as rule_id,
    r.rule_name,
    r.product_id,
    p.name as product_name,
    r.target_category,
    r.target_customer_type,
    r.discount_percentage,
    r.is_active,
    w.since,
    w.days,
    s.orders,
    s.customers,
    s.revenue,
    s.orders_before,
    s.revenue_before
from trustcart.product_recommendation_rules as r
inner join trustcart.products as p on r.product_id = p.id
cross join trustcart.settings as x
cross join lateral (
    select
        (r.created_at at time zone x.time_zone)::date as since,
        greatest(trustcart.business_date() - (r.created_at at time zone x.time_zone)::date + 1, 1) as days
) as w
cross join lateral (
    select
        count(distinct o.id) filter (where o.order_date >= w.since) as orders,
        count(distinct o.customer_id) filter (where o.order_date >= w.since) as customers,
        coalesce(
            sum(coalesce(i.line_total, i.quantity * i.unit_price)) filter (where o.order_date >= w.since), 0
        )::numeric(14, 2) as revenue,
        count(distinct o.id) filter (where o.order_date < w.since) as orders_before,
        coalesce(
            sum(coalesce(i.line_total, i.quantity * i.unit_price)) filter (where o.order_date < w.since), 0
        )::numeric(14, 2) as revenue_before
    from trustcart.sales_order_items as i
    inner join trustcart.sales_orders as o on i.order_id = o.id
    inner join trustcart.order_statuses as os on o.status = os.status and os.counts
    where i.product_id = r.product_id and o.order_date >= w.since - w.days and o.order_date < w.since + w.days
) as s;

comment on view trustcart.recommendation_rule_performance is
'What the product of each recommendation rule sold since the rule was made, against as many days before it: what to
look at when the rules are revised (guide: monthly). Counted orders of all customers, whatever brought them.';
comment on column trustcart.recommendation_rule_performance.rule_id is 'The rule.';
comment on column trustcart.recommendation_rule_performance.rule_name is 'Its name.';
comment on column trustcart.recommendation_rule_performance.product_id is 'The product it recommends.';
comment on column trustcart.recommendation_rule_performance.product_name is 'Name of the product.';
comment on column trustcart.recommendation_rule_performance.target_category is 'Category it aims at; null: any.';
comment on column trustcart.recommendation_rule_performance.target_customer_type is
'Customer type it aims at; null: any.';
comment on column trustcart.recommendation_rule_performance.discount_percentage is 'Its discount, in percent.';
comment on column trustcart.recommendation_rule_performance.is_active is 'False: it rests.';
comment on column trustcart.recommendation_rule_performance.since is 'Business date on which it was made.';
comment on column trustcart.recommendation_rule_performance.days is 'Days since then, today included.';
comment on column trustcart.recommendation_rule_performance.orders is 'Orders of the product in these days.';
comment on column trustcart.recommendation_rule_performance.customers is 'Customers who placed them.';
comment on column trustcart.recommendation_rule_performance.revenue is 'What the product brought in them, in taka.';
comment on column trustcart.recommendation_rule_performance.orders_before is 'Orders in as many days before.';
comment on column trustcart.recommendation_rule_performance.revenue_before is
'Revenue in as many days before, in taka.';
