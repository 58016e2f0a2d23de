-- requires: model_outcomes, model_of, business_date, require_date

create or replace function trustcart.model_report(
    p_as_of date default trustcart.business_date() - 28, p_days integer default 28
)
returns setof trustcart.model_reports
language plpgsql stable parallel safe
security definer
rows 1
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_model trustcart.customer_models := trustcart_private.model_of(v_as_of);
begin
    if (p_days between 1 and 3650) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days', coalesce(p_days::text, 'null')),
            hint = 'Give 1 to 3650 days: how far the forecast looked.';
    end if;
    if v_model.id is null then
        raise exception using
            errcode = 'TC221',
            message = format('no model was in use on %s', v_as_of),
            hint = 'select trustcart.fit_customer_model(p_to => …); or set settings.customer_model_id to one that is there.';
    end if;

    return query
    with outcomes as materialized (
        select
            o.*,
            (o.orders > 0)::integer as bought,
            ntile(10) over (order by o.expected_orders desc, o.customer_id) as decile,
            avg((o.orders > 0)::integer) over (partition by o.band)::double precision as p_of_band
        from trustcart_private.model_outcomes(v_model, v_as_of, p_days) as o
    ),

    -- The mean rank of equals, so that a tie counts for half.
    ranked as (
        select
            o.bought,
            rank() over (order by o.expected_orders) + (count(*) over (partition by o.expected_orders) - 1) / 2.0 as by_model,
            rank() over (order by o.band) + (count(*) over (partition by o.band) - 1) / 2.0 as by_band,
            rank() over (order by o.rfm_score) + (count(*) over (partition by o.rfm_score) - 1) / 2.0 as by_rfm
        from outcomes as o
    ),

    areas as (
        select
            (sum(r.by_model) filter (where r.bought = 1) - n.n * (n.n + 1) / 2) / nullif(n.n * n.others, 0) as model,
            (sum(r.by_band) filter (where r.bought = 1) - n.n * (n.n + 1) / 2) / nullif(n.n * n.others, 0) as bands,
            (sum(r.by_rfm) filter (where r.bought = 1) - n.n * (n.n + 1) / 2) / nullif(n.n * n.others, 0) as rfm
        from ranked as r
        cross join (
            select
                sum(o.bought)::numeric as n,
                sum(1 - o.bought)::numeric as others
            from outcomes as o
        ) as n
        group by n.n, n.others
    ),

    deciles as (
        select
            o.decile,
            count(*) as customers,
            avg(o.p_order) as forecast_share,
            avg(o.bought)::double precision as share,
            sum(o.expected_orders) as forecast_orders,
            sum(o.orders) as orders,
            sum(o.expected_value) as forecast_value,
            sum(o.revenue) as revenue
        from outcomes as o
        group by o.decile
    ),

    totals as (
        select
            count(*)::integer as customers,
            coalesce(sum(o.bought), 0)::integer as buyers,
            coalesce(sum(o.expected_orders), 0) as forecast_orders,
            coalesce(sum(o.orders), 0)::integer as orders,
            coalesce(sum(o.expected_value), 0) as forecast_value,
            coalesce(sum(o.revenue), 0) as revenue,
            coalesce(avg(power(o.p_order - o.bought, 2)), 0) as brier,
            coalesce(avg(power(o.p_of_band - o.bought, 2)), 0)::double precision as brier_of_bands
        from outcomes as o
    )

    select
        v_as_of,
        v_model.id,
        p_days,
        t.customers,
        t.buyers,
        t.forecast_orders,
        t.orders,
        t.forecast_value::numeric(16, 2),
        t.revenue::numeric(16, 2),
        (select coalesce(sum(abs(d.forecast_share - d.share) * d.customers) / nullif(t.customers, 0), 0) from deciles as d),
        t.brier,
        t.brier_of_bands,
        a.model::double precision,
        a.bands::double precision,
        a.rfm::double precision,
        (
            select d.share * t.customers / nullif(t.buyers, 0)
            from deciles as d
            where d.decile = 1
        ),
        (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'decile', d.decile,
                            'customers', d.customers,
                            'forecast_share', round(d.forecast_share::numeric, 4),
                            'share', round(d.share::numeric, 4),
                            'forecast_orders', round(d.forecast_orders::numeric, 1),
                            'orders', d.orders,
                            'forecast_value', round(d.forecast_value::numeric, 2),
                            'revenue', d.revenue
                        )
                        order by d.decile
                    ),
                    '[]'
                )
            from deciles as d
        ),
        -- Orders come by chance: three standard deviations of their number are no drift.
        abs(t.forecast_orders - t.orders)
        > greatest(s.model_drift_share * t.forecast_orders, 3 * sqrt(greatest(t.forecast_orders, t.orders)))
        or coalesce(a.model < a.bands and t.buyers >= 100, false)
    from totals as t
    left join areas as a on true
    cross join trustcart.settings as s;
end;
$$;
comment on function trustcart.model_report(date, integer) is
'What the model in use on a date foretold for the days after it, against what came: one row. customers with a counted
order before; buyers, those with one in these days; orders and taka foretold and come; calibration_error, the mean
distance of the foretold from the real share of buyers over the deciles; brier, the mean squared error of the
probabilities, and what the guide''s bands would reach if each foretold just what came; auc of the model, of these
bands and of the RFM quintiles (0.5 is chance, null where all or nobody bought); top_decile_lift, buyers among the
tenth with most orders expected as a multiple of the mean; deciles, 1 the highest; is_adrift, by
settings.model_drift_share, or when the bands rank better. Days that are still to come count as without orders. Writes
nothing. TC001, TC005, TC221 without a model.';
