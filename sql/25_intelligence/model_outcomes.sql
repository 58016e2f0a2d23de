-- requires: order_prospects, rfm_scores, priority_level_of, risk_level_of

create or replace function trustcart_private.model_outcomes(
    p_model trustcart.customer_models, p_as_of date, p_days integer
)
returns table (
    customer_id bigint,
    p_order double precision,
    expected_orders double precision,
    expected_value double precision,
    orders integer,
    revenue numeric,
    band integer,
    rfm_score integer
)
language plpgsql stable parallel safe
security invoker
rows 100000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
begin
    return query
    with outcomes as materialized (
        select
            so.customer_id,
            count(distinct so.order_date)::integer as orders,
            sum(so.total_amount) as revenue
        from trustcart.sales_orders as so
        inner join trustcart.order_statuses as os on so.status = os.status and os.counts
        where so.order_date > p_as_of and so.order_date <= p_as_of + p_days
        group by so.customer_id
    )

    select
        h.customer_id,
        h.p_alive * (
            1 - exp(greatest(
                ((p_model).r + h.repeat_orders)
                * ln(((p_model).alpha + h.age / 7.0) / ((p_model).alpha + (h.age + p_days) / 7.0)),
                -700
            ))
        ),
        h.expected_orders,
        h.expected_value,
        coalesce(o.orders, 0),
        coalesce(o.revenue, 0),
        -- The guide's: temperature, then stages and risks.
        case trustcart_private.priority_level_of(h.days, s)
            when 'hot' then 6
            when 'warm' then 5
            else case trustcart_private.risk_level_of(h.days, s)
                when 'critical' then 1
                when 'high' then 2
                when 'medium' then 3
                else 4
            end
        end,
        (r.recency_score + r.frequency_score + r.monetary_score)::integer
    from (
        select
            p.*,
            p_as_of - p.last_order_date as days,
            p_as_of - p.first_order_date as age
        from trustcart_private.order_prospects(p_model, p_as_of, p_days, p_as_of, null) as p
    ) as h
    left join outcomes as o on h.customer_id = o.customer_id
    left join trustcart.rfm_scores(p_as_of) as r on h.customer_id = r.customer_id
    cross join trustcart.settings as s;
end;
$$;
comment on function trustcart_private.model_outcomes(trustcart.customer_models, date, integer) is
'Of every customer with a counted order up to a date: what the model foretold for the days after it (probability of an
order, orders, taka), what came (days with a counted order, taka), and how the guide''s bands of days since the last
order (6 the latest) and the sum of the RFM quintiles would have ranked the customer.';
