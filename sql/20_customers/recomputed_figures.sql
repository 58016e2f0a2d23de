create or replace function trustcart_private.recomputed_figures(p_customer_ids bigint[], p_as_of date)
returns trustcart_private.customer_figures[]
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return array(
        select
            row(
                c.id,
                coalesce(o.order_count, 0),
                coalesce(o.total_spend, 0),
                o.first_order_date,
                o.last_order_date,
                o.next_order_date,
                c.customer_type,
                c.lifecycle_stage
            )::trustcart_private.customer_figures
        from trustcart.customers as c
        left join lateral (
            select
                (count(*) filter (where so.order_date <= p_as_of))::integer as order_count,
                sum(so.total_amount) filter (where so.order_date <= p_as_of) as total_spend,
                min(so.order_date) filter (where so.order_date <= p_as_of) as first_order_date,
                max(so.order_date) filter (where so.order_date <= p_as_of) as last_order_date,
                min(so.order_date) filter (where so.order_date > p_as_of) as next_order_date
            from trustcart.sales_orders as so
            where
                so.customer_id = c.id
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o on true
        where c.id = any(p_customer_ids)
        order by c.id
    );
end;
$$;
comment on function trustcart_private.recomputed_figures(bigint[], date) is
'The figures of customers counted afresh from their orders as of a date, with the labels they have now.';
