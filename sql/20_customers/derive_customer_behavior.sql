-- requires: avg_order_value_of, avg_days_between_orders_of

create or replace function trustcart_private.derive_customer_behavior()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Planned while the table was empty, a look-up by key would be a scan of all that came since, row by row.
set enable_seqscan = off
set jit = off
as $$
begin
    if exists (select from trustcart.customer_behavior as b where b.customer_id = new.customer_id) then
        raise notice 'customer % has a row in customer_behavior already; its figures are derived, the values given are ignored',
        new.customer_id;
        return null;
    end if;
    select
        trustcart_private.avg_order_value_of(c.order_count, c.total_spend),
        trustcart_private.avg_days_between_orders_of(c.order_count, c.first_order_date, c.last_order_date)
    into new.avg_order_value, new.avg_days_between_orders
    from trustcart.customers as c
    where c.id = new.customer_id;
    new.preferred_categories := '{}';
    new.bought_categories := '{}';
    new.preferred_payment_method := null;
    new.peak_order_time := null;
    new.has_abandoned_cart := false;
    new.cart_recovery_count := 0;
    new.refresh_due := true;
    return new;
end;
$$;
comment on function trustcart_private.derive_customer_behavior() is
'Trigger: a row of customer_behavior begins with derived figures, whatever values were supplied.';
