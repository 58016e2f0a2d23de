-- requires: order_histories

create or replace function trustcart_private.all_order_histories(p_from date, p_to date)
returns table (
    customer_id bigint,
    repeat_orders integer,
    first_order_date date,
    last_order_date date,
    mean_value numeric
)
language plpgsql stable parallel safe
security invoker
rows 1000000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- Sorting all orders takes half of what fetching each by the index does, and does not depend on how much of the table
-- is in memory.
set enable_indexscan = off
as $$
begin
    return query
    select h.*
    from trustcart_private.order_histories(p_from, p_to, null) as h;
end;
$$;
comment on function trustcart_private.all_order_histories(date, date) is
'order_histories() of everybody, read as a whole instead of customer by customer.';
