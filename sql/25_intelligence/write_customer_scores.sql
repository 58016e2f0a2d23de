-- requires: score_customers

create or replace function trustcart_private.write_customer_scores(
    p_model trustcart.customer_models, p_as_of date, p_customer_ids bigint[]
)
returns bigint[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- Not the caller's: a mode of plans holds for the checks of foreign keys too, and a plan made anew for each row would
-- take as long as all the rest.
set plan_cache_mode = auto
as $$
declare
    v_ids bigint[];
begin
    with written as (
        insert into trustcart.customer_scores as s
        select n.*
        from trustcart_private.score_customers(p_model, p_as_of, p_customer_ids) as n
        order by n.customer_id
        on conflict (customer_id) do update set
            model_id = excluded.model_id,
            repeat_orders = excluded.repeat_orders,
            first_order_date = excluded.first_order_date,
            last_order_date = excluded.last_order_date,
            mean_value = excluded.mean_value,
            p_alive = excluded.p_alive,
            expected_orders_90_days = excluded.expected_orders_90_days,
            expected_value_90_days = excluded.expected_value_90_days,
            scored_on = excluded.scored_on,
            valid_until = excluded.valid_until
        returning s.customer_id
    )

    select coalesce(array_agg(w.customer_id), '{}')
    into v_ids
    from written as w;
    return v_ids;
end;
$$;
comment on function trustcart_private.write_customer_scores(trustcart.customer_models, date, bigint[]) is
'Writes the scores as of a date of these customers (null: all); returns the ids of those who have one.';
