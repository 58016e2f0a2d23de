-- requires: lock_customers, recomputed_figures, advance_customer_state, write_customer_state

create or replace function trustcart_private.recount_status()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
    v_as_of date := trustcart.business_date();
    v_ids bigint [];
begin
    v_ids := array(
        select distinct o.customer_id
        from trustcart.sales_orders as o
        where o.status = new.status
        order by o.customer_id
    );
    perform trustcart_private.lock_customers(v_ids);
    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);
    perform trustcart_private.write_customer_state(
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order'
    );
    return null;
end;
$$;
comment on function trustcart_private.recount_status() is
'Trigger of order_statuses: when a status begins or ceases to count, its customers are counted afresh.';
