-- requires: max_basket_products

create or replace function trustcart_private.all_baskets(p_as_of date)
returns table (order_id bigint, customer_id bigint, order_date date, product_ids bigint[])
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
begin
    return query
    select
        o.id,
        o.customer_id,
        o.order_date,
        i.product_ids
    from (
        select
            x.order_id,
            array_agg(distinct x.product_id order by x.product_id) as product_ids
        from trustcart.sales_order_items as x
        where x.product_id is not null
        group by x.order_id
    ) as i
    inner join trustcart.sales_orders as o on i.order_id = o.id
    inner join trustcart.order_statuses as os on o.status = os.status and os.counts
    where o.order_date <= p_as_of and cardinality(i.product_ids) <= trustcart_private.max_basket_products();
end;
$$;
comment on function trustcart_private.all_baskets(date) is
'The basket of every counted order up to a date: its different products. Reads the whole shop.';
