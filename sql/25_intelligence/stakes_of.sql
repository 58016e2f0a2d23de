-- requires: order_histories, p_alive_of, orders_while_alive, order_value_of, value_at_stake_of, model_of

create or replace function trustcart_private.stakes_of(
    p_date date, p_customer_ids bigint[], p_last_order_dates date[], p_settings trustcart.settings
)
returns table (customer_id bigint, value_at_stake numeric)
language plpgsql stable parallel safe
security invoker
rows 10000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
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
    with asked as materialized (
        select
            a.customer_id,
            a.last_order_date,
            s.customer_id is not null as is_known,
            s.repeat_orders,
            s.first_order_date,
            s.mean_value
        from unnest(p_customer_ids, p_last_order_dates) as a (customer_id, last_order_date)
        -- What the scores know of the orders is what the date knows, unless they were scored before or after its last.
        left join trustcart.customer_scores as s
            on
                a.customer_id = s.customer_id
                and a.last_order_date = s.last_order_date
                and not exists (select from trustcart_private.scores_due as d where d.customer_id = a.customer_id)
    ),

    histories as materialized (
        select
            a.customer_id,
            a.repeat_orders,
            a.last_order_date - a.first_order_date as recency,
            p_date - a.first_order_date as age,
            a.mean_value
        from asked as a
        where a.is_known
        union all
        select
            h.customer_id,
            h.repeat_orders,
            h.last_order_date - h.first_order_date,
            p_date - h.first_order_date,
            h.mean_value
        from trustcart_private.order_histories(
            null,
            p_date - 1,
            array(select a.customer_id from asked as a where not a.is_known and a.last_order_date is not null)
        ) as h
    ),

    prospects as materialized (
        select
            g.repeat_orders,
            g.age,
            trustcart_private.orders_while_alive(v_model, g.repeat_orders, g.age, 90) as orders
        from (
            select distinct
                h.repeat_orders,
                h.age
            from histories as h
        ) as g
    )

    select
        h.customer_id,
        trustcart_private.value_at_stake_of(
            a.p_alive,
            least(
                a.p_alive * p.orders * trustcart_private.order_value_of(v_model, h.repeat_orders, h.mean_value),
                999999999999
            )::numeric(14, 2)
        )
    from histories as h
    inner join prospects as p on h.repeat_orders = p.repeat_orders and h.age = p.age
    cross join lateral (
        select trustcart_private.p_alive_of(v_model, h.repeat_orders, h.recency, h.age) as p_alive
    ) as a;
end;
$$;
comment on function trustcart_private.stakes_of(date, bigint[], date[], trustcart.settings) is
'What a call on a date could keep of each of these customers, in taka: value_at_stake_of() by the model in use on the
date and the orders before it, of which the caller knows the last date. Nothing without a model, or when
settings.call_order is bands.';
