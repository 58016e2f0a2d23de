create or replace function trustcart_private.note_status_changes()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart_private.changed_baskets (order_id)
    select o.id
    from trustcart.sales_orders as o
    where o.status = new.status;
    return null;
end;
$$;
comment on function trustcart_private.note_status_changes() is
'Trigger of order_statuses: when a status begins or ceases to count, the baskets of its orders are counted afresh by
refresh_recommendations().';
