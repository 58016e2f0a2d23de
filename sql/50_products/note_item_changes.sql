create or replace function trustcart_private.note_item_changes()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    if tg_op = 'INSERT' then
        insert into trustcart_private.changed_baskets (order_id)
        select distinct n.order_id
        from new_rows as n
        where n.product_id is not null;
    elsif tg_op = 'UPDATE' then
        insert into trustcart_private.changed_baskets (order_id)
        select distinct r.order_id
        from new_rows as n
        full join old_rows as o on n.id = o.id
        cross join unnest(array[n.order_id, o.order_id]) as r (order_id)
        where (n.order_id, n.product_id) is distinct from (o.order_id, o.product_id) and r.order_id is not null;
    elsif tg_op = 'DELETE' then
        insert into trustcart_private.changed_baskets (order_id)
        select distinct o.order_id
        from old_rows as o
        where o.product_id is not null;
    else
        insert into trustcart_private.changed_baskets (order_id)
        select b.order_id
        from trustcart_private.counted_baskets as b;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.note_item_changes() is
'Trigger of sales_order_items, statement-level: notes the orders whose basket changes, for refresh_recommendations().
An order that is deleted takes its items along, so this sees it; an order without items costs nothing.';
