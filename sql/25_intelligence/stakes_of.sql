-- requires: order_prospects, value_at_stake_of, model_of

create or replace function trustcart_private.stakes_of(
    p_date date, p_customer_ids bigint[], p_last_order_dates date[], p_settings trustcart.settings
)
returns table (customer_id bigint, value_at_stake numeric)
language plpgsql stable parallel safe
security invoker
rows 10000
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_model trustcart.customer_models;
begin
    if p_settings.call_order = 'value' then
        v_model := trustcart_private.model_of(p_date);
    end if;
    if v_model.id is null then
        return;
    end if;

    return query
    select
        h.customer_id,
        trustcart_private.value_at_stake_of(h.p_alive, least(h.expected_value, 999999999999)::numeric(14, 2))
    from trustcart_private.order_prospects(v_model, p_date, 90, p_date - 1, p_customer_ids, p_last_order_dates) as h;
end;
$$;
comment on function trustcart_private.stakes_of(date, bigint[], date[], trustcart.settings) is
'What a call on a date could keep of each of these customers, in taka: value_at_stake_of() by the model in use on the
date and the orders before it, of which the caller knows the last date. Nothing without a model, or when
settings.call_order is bands.';
