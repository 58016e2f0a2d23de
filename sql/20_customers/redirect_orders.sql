create or replace function trustcart_private.redirect_orders(p_order_ids bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    update trustcart.customer_engagement_history as e
    set customer_id = c.merged_into_id
    from trustcart.sales_orders as o
    inner join trustcart.customers as c on o.customer_id = c.id
    where
        o.id = any(p_order_ids)
        and c.merged_into_id is not null
        and e.customer_id = o.customer_id
        and e.engagement_type = 'order_placed'
        and e.content = 'Order #' || o.id || ' placed';
    update trustcart.sales_orders as o
    set customer_id = c.merged_into_id
    from trustcart.customers as c
    where o.id = any(p_order_ids) and o.customer_id = c.id and c.merged_into_id is not null;
end;
$$;
comment on function trustcart_private.redirect_orders(bigint[]) is
'Gives new orders that came in under the id of a merged customer to the one who goes on: a session may have known it
still by the old one, or waited while the two were merged.';
