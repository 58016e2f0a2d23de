-- requires: lock_customers, recomputed_figures, advance_customer_state, write_customer_state

create or replace function trustcart_private.recount_status()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart.business_date();
    v_ids bigint[];
begin
    v_ids := array(
        select distinct o.customer_id
        from trustcart.sales_orders as o
        where o.status = new.status
    );
    perform trustcart_private.lock_customers(v_ids);
    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);
    if tg_when = 'BEFORE' then
        -- Days that no job has counted yet pass under the old rule.
        perform trustcart_private.advance_customer_state(
            array(
                select c.id
                from trustcart.customers as c
                where c.id = any(v_ids) and c.state_valid_until <= v_as_of
            ),
            v_as_of,
            s
        )
        from trustcart.settings as s;
        return new;
    end if;
    perform trustcart_private.write_customer_state(
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order'
    );
    return null;
end;
$$;
comment on function trustcart_private.recount_status() is
'Trigger of order_statuses: when a status begins or ceases to count, its customers are counted afresh, after the days
that have passed under the old rule.';
