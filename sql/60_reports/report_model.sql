-- requires: model_report, require_date, business_date

create or replace function trustcart.report_model(p_as_of date default trustcart.business_date())
returns table (
    section text,
    measure text,
    customers bigint,
    forecast numeric,
    outcome numeric,
    model numeric,
    bands numeric,
    rfm numeric
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    c_days constant integer := 28;
    v_report trustcart.model_reports;
begin
    -- The day itself is not over.
    v_report := trustcart.model_report(trustcart_private.require_date(p_as_of) - c_days - 1, c_days);
    return query
    select
        x.section,
        x.measure,
        x.customers,
        round(x.forecast, 2),
        round(x.outcome, 2),
        round(x.model, 4),
        round(x.bands, 4),
        round(x.rfm, 4)
    from (
        values
        (
            1, format('%s days from %s', c_days, v_report.as_of + 1), 'orders', v_report.customers::bigint,
            v_report.forecast_orders::numeric, v_report.orders::numeric, null::numeric, null::numeric, null::numeric
        ),
        (
            2, format('%s days from %s', c_days, v_report.as_of + 1), 'taka', v_report.customers,
            v_report.forecast_value, v_report.revenue, null, null, null
        ),
        (
            3, 'how good the ranking is', 'area under the curve', null, null, null, v_report.auc::numeric,
            v_report.auc_of_bands::numeric, v_report.auc_of_rfm::numeric
        ),
        (
            4, 'how good the ranking is', 'Brier score', null, null, null, v_report.brier::numeric,
            v_report.brier_of_bands::numeric, null
        ),
        (
            5, 'how good the ranking is', 'calibration error', null, null, null, v_report.calibration_error::numeric,
            null, null
        ),
        (
            6, 'how good the ranking is', 'lift of the best tenth', null, null, null,
            v_report.top_decile_lift::numeric, null, null
        ),
        (
            7, 'how good the ranking is', case when v_report.is_adrift then 'adrift: yes' else 'adrift: no' end, null,
            null, null, null, null, null
        )
    ) as x (place, section, measure, customers, forecast, outcome, model, bands, rfm)
    union all (
        select
            'buyers by tenths of the customers, in percent',
            d.decile ->> 'decile',
            (d.decile ->> 'customers')::bigint,
            round(100 * (d.decile ->> 'forecast_share')::numeric, 2),
            round(100 * (d.decile ->> 'share')::numeric, 2),
            null,
            null,
            null
        from jsonb_array_elements(v_report.deciles) as d (decile)
    );
end;
$$;
comment on function trustcart.report_model(date) is
'What the customer model foretold for the four weeks that ended the day before a date, against what came, by
model_report(), in sections. TC001 for the date, TC221 when no model was in use four weeks before it.';
