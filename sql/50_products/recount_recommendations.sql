-- requires: all_baskets

create or replace function trustcart_private.recount_recommendations(p_as_of date, p_recent_from date)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
declare
    v_baskets integer;
begin
    -- Not truncated, which would keep readers waiting until all is counted.
    delete from trustcart.product_pairs;
    delete from trustcart.product_figures;
    delete from trustcart_private.counted_baskets;

    insert into trustcart_private.counted_baskets (order_id, customer_id, order_date, product_ids)
    select
        b.order_id,
        b.customer_id,
        b.order_date,
        b.product_ids
    from trustcart_private.all_baskets(p_as_of) as b;
    get diagnostics v_baskets = row_count;

    insert into trustcart.product_pairs (product_id, other_product_id, orders)
    select
        a.product_id,
        z.product_id,
        count(*)
    from trustcart_private.counted_baskets as b
    cross join lateral unnest(b.product_ids) as a (product_id)
    cross join lateral unnest(b.product_ids) as z (product_id)
    where a.product_id <> z.product_id
    group by a.product_id, z.product_id
    order by a.product_id, z.product_id;

    insert into trustcart.product_figures (product_id, orders, recent_orders, repeat_customers, interval_days)
    select
        p.product_id,
        sum(p.orders),
        sum(p.recent_orders),
        count(*) filter (where p.days > 1),
        coalesce(
            sum(round((p.last_on - p.first_on)::numeric / (p.days - 1), 3)) filter (where p.days > 1), 0
        )
    from (
        select
            a.product_id,
            b.customer_id,
            count(*) as orders,
            count(*) filter (where b.order_date >= p_recent_from) as recent_orders,
            count(distinct b.order_date) as days,
            min(b.order_date) as first_on,
            max(b.order_date) as last_on
        from trustcart_private.counted_baskets as b
        cross join lateral unnest(b.product_ids) as a (product_id)
        group by a.product_id, b.customer_id
    ) as p
    group by p.product_id
    order by p.product_id;

    -- Those of later days wait for them.
    insert into trustcart_private.changed_baskets (order_id)
    select o.id
    from trustcart.sales_orders as o
    inner join trustcart.order_statuses as os on o.status = os.status and os.counts
    where
        o.order_date > p_as_of
        and exists (select from trustcart.sales_order_items as i where i.order_id = o.id and i.product_id is not null);
    return v_baskets;
end;
$$;
comment on function trustcart_private.recount_recommendations(date, date) is
'Counts every basket up to a date anew, whatever was counted before; recent from p_recent_from on. Returns how many
there are. For the first run, after an import as large as the shop, and on demand of refresh_recommendations().';
