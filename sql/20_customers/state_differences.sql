-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, next_label_date
-- requires: avg_order_value_of, avg_days_between_orders_of

create or replace function trustcart_private.state_differences(p_first_id bigint, p_last_id bigint)
returns table (
    customer_id bigint,
    figure text,
    maintained text,
    recomputed text
)
language sql stable parallel safe
security invoker
begin atomic
with counted as (
    select
        so.customer_id,
        (count(*) filter (where so.order_date <= c.state_as_of))::integer as order_count,
        sum(so.total_amount) filter (where so.order_date <= c.state_as_of) as total_spend,
        min(so.order_date) filter (where so.order_date <= c.state_as_of) as first_order_date,
        max(so.order_date) filter (where so.order_date <= c.state_as_of) as last_order_date,
        min(so.order_date) filter (where so.order_date > c.state_as_of) as next_order_date
    from trustcart.sales_orders as so
    inner join trustcart.order_statuses as os on so.status = os.status and os.counts
    inner join trustcart.customers as c on so.customer_id = c.id
    where so.customer_id between p_first_id and p_last_id
    group by so.customer_id
),

latest as (
    select distinct on (h.customer_id, h.attribute)
        h.customer_id,
        h.attribute,
        h.to_value
    from trustcart.customer_state_changes as h
    where h.customer_id between p_first_id and p_last_id
    order by h.customer_id asc, h.attribute asc, h.id desc
)

select
    c.id as customer_id,
    v.figure,
    v.maintained,
    v.recomputed
from trustcart.customers as c
left join counted as o on c.id = o.customer_id
left join trustcart.customer_behavior as b on c.id = b.customer_id
left join latest as ht on c.id = ht.customer_id and ht.attribute = 'customer_type'
left join latest as hs on c.id = hs.customer_id and hs.attribute = 'lifecycle_stage'
cross join trustcart.settings as s
cross join lateral (
    values
    ('order_count', c.order_count::text, coalesce(o.order_count, 0)::text),
    ('total_spend', c.total_spend::text, coalesce(o.total_spend, 0.00)::text),
    ('first_order_date', c.first_order_date::text, o.first_order_date::text),
    ('last_order_date', c.last_order_date::text, o.last_order_date::text),
    ('next_order_date', c.next_order_date::text, o.next_order_date::text),
    (
        'customer_type',
        c.customer_type::text,
        trustcart_private.customer_type_of(
            coalesce(o.order_count, 0), o.total_spend, c.state_as_of - o.last_order_date, s
        )
    ),
    (
        'lifecycle_stage',
        c.lifecycle_stage::text,
        trustcart_private.lifecycle_stage_of(coalesce(o.order_count, 0), c.state_as_of - o.last_order_date, s)
    ),
    (
        'priority_level',
        c.priority_level::text,
        trustcart_private.priority_level_of(c.state_as_of - o.last_order_date, s)
    ),
    (
        'state_valid_until',
        c.state_valid_until::text,
        least(
            trustcart_private.next_label_date(o.last_order_date, c.state_as_of, s), o.next_order_date
        )::text
    ),
    (
        'avg_order_value',
        b.avg_order_value::text,
        trustcart_private.avg_order_value_of(coalesce(o.order_count, 0), o.total_spend)::text
    ),
    (
        'avg_days_between_orders',
        b.avg_days_between_orders::text,
        trustcart_private.avg_days_between_orders_of(
            coalesce(o.order_count, 0), o.first_order_date, o.last_order_date
        )::text
    ),
    (
        'family_members_count',
        c.family_members_count::text,
        (
            select count(*)
            from trustcart.customer_family_members as f
            where f.customer_id = c.id
        )::text
    ),
    (
        'interactions_count',
        c.interactions_count::text,
        (
            select count(*)
            from trustcart.customer_interactions as i
            where i.customer_id = c.id
        )::text
    ),
    ('last customer_type of the history', ht.to_value, c.customer_type::text),
    ('last lifecycle_stage of the history', coalesce(hs.to_value, 'prospect'), c.lifecycle_stage::text)
) as v (figure, maintained, recomputed)
where c.id between p_first_id and p_last_id and v.maintained is distinct from v.recomputed;
end;

comment on function trustcart_private.state_differences(bigint, bigint) is
'Of the customers with an id from p_first_id to p_last_id, every maintained figure that differs from its recomputation
from the orders, as of the date each customer''s state speaks of, and every history that does not end in the present
label: the part of check_customer_state() that can be asked of a few.';
