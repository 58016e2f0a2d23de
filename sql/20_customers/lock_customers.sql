create or replace function trustcart_private.lock_customers(p_customer_ids bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    -- NO KEY UPDATE lets the foreign keys' share locks pass; the id order keeps two such callers from deadlocking.
    perform c.id
    from trustcart.customers as c
    where c.id = any(p_customer_ids)
    order by c.id
    for no key update;
end;
$$;
comment on function trustcart_private.lock_customers(bigint[]) is
'Locks customers in id order, so that the next statement sees, and alone changes, their orders'' figures.';
