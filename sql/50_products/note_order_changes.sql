create or replace function trustcart_private.note_order_changes()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    insert into trustcart_private.changed_baskets (order_id)
    select n.id
    from new_rows as n
    inner join old_rows as o on n.id = o.id
    where
        (n.customer_id, n.order_date) is distinct from (o.customer_id, o.order_date)
        or (
            n.status <> o.status
            and (select s.counts from trustcart.order_statuses as s where s.status = n.status)
            is distinct from (select s.counts from trustcart.order_statuses as s where s.status = o.status)
        );
    return null;
end;
$$;
comment on function trustcart_private.note_order_changes() is
'Trigger of sales_orders, statement-level: notes the orders that begin or cease to count, or go to another day or
customer, for refresh_recommendations(). An order on its way from pending to delivered is not noted.';
