-- requires: max_basket_products

create or replace function trustcart_private.count_changed_baskets(
    p_order_ids bigint[], p_as_of date, p_recent_from date
)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- How many orders there are decides between looking each up and reading all.
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
declare
    v_changed integer;
    v_lessened bigint [];
begin
    -- One statement, so that everything is counted from the orders as they are at one moment.
    with counting as materialized (
        select
            o.id as order_id,
            o.customer_id,
            o.order_date
        from trustcart.sales_orders as o
        inner join trustcart.order_statuses as os on o.status = os.status and os.counts
        where o.id = any(p_order_ids)
    ),

    -- Those of later days wait for them.
    put_off as (
        insert into trustcart_private.changed_baskets (order_id)
        select o.order_id
        from counting as o
        where o.order_date > p_as_of
    ),

    now_counted as materialized (
        select
            o.order_id,
            o.customer_id,
            o.order_date,
            i.product_ids
        from counting as o
        cross join lateral (
            select array_agg(distinct x.product_id order by x.product_id) as product_ids
            from trustcart.sales_order_items as x
            where x.order_id = o.order_id and x.product_id is not null
        ) as i
        where o.order_date <= p_as_of and cardinality(i.product_ids) <= trustcart_private.max_basket_products()
    ),

    changed as materialized (
        select
            coalesce(n.order_id, b.order_id) as order_id,
            b.customer_id as old_customer_id,
            b.order_date as old_order_date,
            b.product_ids as old_product_ids,
            n.customer_id,
            n.order_date,
            n.product_ids
        from now_counted as n
        full join (
            select c.*
            from trustcart_private.counted_baskets as c
            where c.order_id = any(p_order_ids)
        ) as b on n.order_id = b.order_id
        where
            (n.customer_id, n.order_date, n.product_ids)
            is distinct from (b.customer_id, b.order_date, b.product_ids)
    ),

    taken_back as (
        delete from trustcart_private.counted_baskets as b
        using changed as c
        where b.order_id = c.order_id and c.product_ids is null
    ),

    rewritten as (
        insert into trustcart_private.counted_baskets as b (order_id, customer_id, order_date, product_ids)
        select
            c.order_id,
            c.customer_id,
            c.order_date,
            c.product_ids
        from changed as c
        where c.product_ids is not null
        order by c.order_id
        on conflict (order_id) do update
        set
            customer_id = excluded.customer_id,
            order_date = excluded.order_date,
            product_ids = excluded.product_ids
    ),

    -- What was counted until now, and what counts instead.
    sides as materialized (
        select
            c.old_customer_id as customer_id,
            c.old_order_date as order_date,
            c.old_product_ids as product_ids,
            -1 as sign
        from changed as c
        where c.old_product_ids is not null
        union all
        select
            c.customer_id,
            c.order_date,
            c.product_ids,
            1
        from changed as c
        where c.product_ids is not null
    ),

    pair_deltas as materialized (
        select
            a.product_id,
            z.product_id as other_product_id,
            sum(s.sign) as orders
        from sides as s
        cross join lateral unnest(s.product_ids) as a (product_id)
        cross join lateral unnest(s.product_ids) as z (product_id)
        where a.product_id <> z.product_id
        group by a.product_id, z.product_id
        having sum(s.sign) <> 0
    ),

    lessened_pairs as (
        update trustcart.product_pairs as p
        set orders = p.orders + d.orders
        from pair_deltas as d
        where p.product_id = d.product_id and p.other_product_id = d.other_product_id and d.orders < 0
    ),

    raised_pairs as (
        insert into trustcart.product_pairs as p (product_id, other_product_id, orders)
        select
            d.product_id,
            d.other_product_id,
            d.orders
        from pair_deltas as d
        where d.orders > 0
        order by d.product_id, d.other_product_id
        on conflict (product_id, other_product_id) do update
        set orders = p.orders + excluded.orders
    ),

    -- What each customer bought otherwise than before.
    line_deltas as materialized (
        select
            s.customer_id,
            a.product_id,
            s.order_date,
            sum(s.sign) as orders
        from sides as s
        cross join lateral unnest(s.product_ids) as a (product_id)
        group by s.customer_id, a.product_id, s.order_date
        having sum(s.sign) <> 0
    ),

    touched as materialized (
        select distinct
            d.customer_id,
            d.product_id
        from line_deltas as d
    ),

    -- All their purchases of it, before and after: those of other orders count in both.
    purchases as (
        select
            x.customer_id,
            x.product_id,
            x.order_date,
            x.is_before,
            x.is_after
        from (
            select
                s.customer_id,
                a.product_id,
                s.order_date,
                s.sign < 0 as is_before,
                s.sign > 0 as is_after
            from sides as s
            cross join lateral unnest(s.product_ids) as a (product_id)
            union all
            select
                b.customer_id,
                a.product_id,
                b.order_date,
                true,
                true
            from (
                select
                    t.customer_id,
                    array_agg(t.product_id) as product_ids
                from touched as t
                group by t.customer_id
            ) as c
            inner join trustcart_private.counted_baskets as b
                on c.customer_id = b.customer_id and c.product_ids && b.product_ids
            cross join lateral unnest(b.product_ids) as a (product_id)
            where not exists (select from changed as g where g.order_id = b.order_id)
        ) as x
        inner join touched as t on x.customer_id = t.customer_id and x.product_id = t.product_id
    ),

    rhythms as (
        select
            p.product_id,
            count(distinct p.order_date) filter (where p.is_before) as days_before,
            max(p.order_date) filter (where p.is_before) - min(p.order_date) filter (where p.is_before) as span_before,
            count(distinct p.order_date) filter (where p.is_after) as days_after,
            max(p.order_date) filter (where p.is_after) - min(p.order_date) filter (where p.is_after) as span_after
        from purchases as p
        group by p.customer_id, p.product_id
    ),

    figure_deltas as materialized (
        select
            f.product_id,
            sum(f.orders) as orders,
            sum(f.recent_orders) as recent_orders,
            sum(f.repeat_customers) as repeat_customers,
            sum(f.interval_days) as interval_days
        from (
            select
                l.product_id,
                l.orders,
                case when l.order_date >= p_recent_from then l.orders else 0 end as recent_orders,
                0 as repeat_customers,
                0.000 as interval_days
            from line_deltas as l
            union all
            select
                r.product_id,
                0,
                0,
                (r.days_after > 1)::integer - (r.days_before > 1)::integer,
                case when r.days_after > 1 then round(r.span_after::numeric / (r.days_after - 1), 3) else 0 end
                - case when r.days_before > 1 then round(r.span_before::numeric / (r.days_before - 1), 3) else 0 end
            from rhythms as r
        ) as f
        group by f.product_id
    ),

    known_products as (
        update trustcart.product_figures as p
        set
            orders = p.orders + d.orders,
            recent_orders = p.recent_orders + d.recent_orders,
            repeat_customers = p.repeat_customers + d.repeat_customers,
            interval_days = p.interval_days + d.interval_days
        from figure_deltas as d
        where p.product_id = d.product_id
    ),

    new_products as (
        insert into trustcart.product_figures (
            product_id, orders, recent_orders, repeat_customers, interval_days
        )
        select
            d.product_id,
            d.orders,
            d.recent_orders,
            d.repeat_customers,
            d.interval_days
        from figure_deltas as d
        where not exists (select from trustcart.product_figures as p where p.product_id = d.product_id)
        order by d.product_id
    ),

    total as (
        update trustcart.recommendation_state as s
        set baskets = s.baskets + d.baskets
        from (select coalesce(sum(x.sign), 0) as baskets from sides as x) as d
        where d.baskets <> 0
    )

    select
        (select count(*) from changed),
        array(select distinct d.product_id from pair_deltas as d where d.orders < 0)
    into v_changed, v_lessened;

    delete from trustcart.product_pairs as p
    where p.product_id = any(v_lessened) and p.orders = 0;
    return v_changed;
end;
$$;
comment on function trustcart_private.count_changed_baskets(bigint[], date, date) is
'Counts the baskets of these orders as they are now, up to a date, instead of as they were counted before; recent from
p_recent_from on. Returns how many had changed. Called by refresh_recommendations() alone, which holds its lock.';
