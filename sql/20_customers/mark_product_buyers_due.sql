create or replace function trustcart_private.mark_product_buyers_due()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update trustcart.customer_behavior as b
    set refresh_due = true
    where
        b.customer_id in (
            select x.customer_id
            from trustcart.customer_behavior as x
            where
                not x.refresh_due
                and x.customer_id in (
                    select o.customer_id
                    from trustcart.sales_order_items as i
                    inner join trustcart.sales_orders as o on i.order_id = o.id
                    where i.product_id = new.id
                )
            order by x.customer_id
            for no key update
        );
    return null;
end;
$$;
comment on function trustcart_private.mark_product_buyers_due() is
'Trigger of products: one that moved to another category makes the behaviour of its buyers due for a refresh; until then
segments read their orders.';
