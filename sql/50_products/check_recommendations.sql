-- requires: all_baskets

create or replace function trustcart.check_recommendations()
returns table (subject text, maintained text, recomputed text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    v_state trustcart.recommendation_state;
begin
    select s.* into v_state from trustcart.recommendation_state as s;
    if v_state.as_of is null then
        return;
    end if;
    return query
    with baskets as materialized (
        select b.* from trustcart_private.all_baskets(v_state.as_of) as b
    ),

    lines as materialized (
        select
            b.customer_id,
            b.order_date,
            a.product_id
        from baskets as b
        cross join lateral unnest(b.product_ids) as a (product_id)
    ),

    pairs as (
        select
            a.product_id,
            z.product_id as other_product_id,
            count(*) as orders
        from baskets as b
        cross join lateral unnest(b.product_ids) as a (product_id)
        cross join lateral unnest(b.product_ids) as z (product_id)
        where a.product_id <> z.product_id
        group by a.product_id, z.product_id
    ),

    rhythms as (
        select
            l.product_id,
            count(*) as customers,
            sum(l.interval_days) as interval_days
        from (
            select
                x.product_id,
                round((max(x.order_date) - min(x.order_date))::numeric / (count(distinct x.order_date) - 1), 3)
                    as interval_days
            from lines as x
            group by x.customer_id, x.product_id
            having count(distinct x.order_date) > 1
        ) as l
        group by l.product_id
    ),

    figures as (
        select
            l.product_id,
            count(*) as orders,
            count(*) filter (where l.order_date >= v_state.recent_from) as recent_orders
        from lines as l
        group by l.product_id
    )

    select
        'baskets',
        v_state.baskets::text,
        (select count(*) from baskets)::text
    where v_state.baskets <> (select count(*) from baskets)
    union all
    select
        format('order %s', coalesce(c.order_id, b.order_id)),
        format('%s, %s, %s', c.customer_id, c.order_date, c.product_ids),
        format('%s, %s, %s', b.customer_id, b.order_date, b.product_ids)
    from trustcart_private.counted_baskets as c
    full join baskets as b on c.order_id = b.order_id
    where
        (c.customer_id, c.order_date, c.product_ids) is distinct from (b.customer_id, b.order_date, b.product_ids)
    union all
    select
        format(
            'products %s and %s',
            coalesce(p.product_id, c.product_id), coalesce(p.other_product_id, c.other_product_id)
        ),
        p.orders::text,
        c.orders::text
    from trustcart.product_pairs as p
    full join pairs as c on p.product_id = c.product_id and p.other_product_id = c.other_product_id
    where p.orders is distinct from c.orders
    union all
    select
        format('product %s', coalesce(p.product_id, f.product_id)),
        format('%s, %s, %s, %s', p.orders, p.recent_orders, p.repeat_customers, p.interval_days),
        format(
            '%s, %s, %s, %s',
            f.orders, f.recent_orders, coalesce(r.customers, 0), coalesce(r.interval_days, 0.000)
        )
    from trustcart.product_figures as p
    full join figures as f on p.product_id = f.product_id
    left join rhythms as r on f.product_id = r.product_id
    where
        (p.orders, p.recent_orders, p.repeat_customers, p.interval_days)
        is distinct from (f.orders, f.recent_orders, coalesce(r.customers, 0), coalesce(r.interval_days, 0));
end;
$$;
comment on function trustcart.check_recommendations() is
'What refresh_recommendations() keeps, where it differs from recomputation: none is right. Changes made since it last
ran are differences. Reads the whole shop. refresh_recommendations(p_recount => true) mends it.';
