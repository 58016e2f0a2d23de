-- requires: order_histories, all_order_histories, p_alive_of, orders_while_alive, order_value_of

create or replace function trustcart_private.order_prospects(
    p_model trustcart.customer_models,
    p_as_of date,
    p_days integer,
    p_orders_to date,
    p_customer_ids bigint[],
    p_last_order_dates date[] default null
)
returns table (
    customer_id bigint,
    repeat_orders integer,
    first_order_date date,
    last_order_date date,
    mean_value numeric,
    p_alive double precision,
    expected_orders double precision,
    expected_value double precision
)
language plpgsql stable parallel safe
security invoker
rows 100000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- A plan for the customers at hand: what suits some thousand does not suit all of them.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_scored_ids bigint[] := array[]::bigint[];
    v_ids bigint[] := p_customer_ids;
begin
    -- What the scores know of the orders is what the date knows, unless they were scored before or after its last.
    if p_last_order_dates is not null then
        v_scored_ids := array(
            select s.customer_id
            from unnest(p_customer_ids, p_last_order_dates) as a (customer_id, last_order_date)
            inner join trustcart.customer_scores as s
                on a.customer_id = s.customer_id and a.last_order_date = s.last_order_date
            where not exists (select from trustcart_private.scores_due as d where d.customer_id = a.customer_id)
        );
        v_ids := array(
            select a.customer_id
            from unnest(p_customer_ids, p_last_order_dates) as a (customer_id, last_order_date)
            where a.last_order_date is not null and a.customer_id <> all(v_scored_ids)
        );
    end if;

    return query
    with histories as materialized (
        select
            h.*,
            p_as_of - h.first_order_date as age,
            trustcart_private.p_alive_of(
                p_model, h.repeat_orders, h.last_order_date - h.first_order_date, p_as_of - h.first_order_date
            ) as p_alive
        from (
            select
                s.customer_id,
                s.repeat_orders,
                s.first_order_date,
                s.last_order_date,
                s.mean_value
            from trustcart.customer_scores as s
            where s.customer_id = any(v_scored_ids)
            union all
            select o.*
            from trustcart_private.order_histories(null, p_orders_to, v_ids) as o
            where v_ids is not null
            union all
            select a.*
            from trustcart_private.all_order_histories(null, p_orders_to) as a
            where v_ids is null
        ) as h
    ),

    -- The dear part is the same for all who ordered as often, and first on the same day.
    prospects as materialized (
        select
            g.repeat_orders,
            g.age,
            trustcart_private.orders_while_alive(p_model, g.repeat_orders, g.age, p_days) as orders
        from (
            select distinct
                h.repeat_orders,
                h.age
            from histories as h
        ) as g
    )

    select
        h.customer_id,
        h.repeat_orders,
        h.first_order_date,
        h.last_order_date,
        h.mean_value,
        h.p_alive,
        h.p_alive * p.orders,
        h.p_alive * p.orders * trustcart_private.order_value_of(p_model, h.repeat_orders, h.mean_value)
    from histories as h
    inner join prospects as p on h.repeat_orders = p.repeat_orders and h.age = p.age;
end;
$$;
comment on function trustcart_private.order_prospects(
    trustcart.customer_models, date, integer, date, bigint[], date[]
) is
'What a model expects, from a date on and for so many days, of these customers (null: of all) by their counted orders up
to p_orders_to: the one home of that. None for one without any. p_last_order_dates, for callers who know it of each:
where it is that of the score, what the score knows of the orders need not be counted again.';
