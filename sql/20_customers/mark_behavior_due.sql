create or replace function trustcart_private.mark_behavior_due()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_order_ids bigint[];
begin
    -- Only rows not yet marked are written: an order's own trigger has mostly marked them already.
    if tg_op = 'INSERT' then
        v_order_ids := array(select distinct n.order_id from new_rows as n);
    elsif tg_op = 'UPDATE' then
        v_order_ids := array(
            select n.order_id
            from new_rows as n
            union
            select o.order_id
            from old_rows as o
        );
    elsif tg_op = 'DELETE' then
        v_order_ids := array(select distinct o.order_id from old_rows as o);
    else
        update trustcart.customer_behavior as b set refresh_due = true where not b.refresh_due;
        return null;
    end if;
    update trustcart.customer_behavior as b
    set refresh_due = true
    where
        not b.refresh_due
        and b.customer_id = any(
            array(
                select so.customer_id
                from trustcart.sales_orders as so
                where so.id = any(v_order_ids)
            )
        );
    return null;
end;
$$;
comment on function trustcart_private.mark_behavior_due() is
'Trigger of sales_order_items, statement-level: the behaviour of the customers concerned is due for a refresh.';
