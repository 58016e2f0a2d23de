-- requires: model_of, business_date

create or replace function trustcart.doctor_model()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A report tells of a day four weeks back, and is written weekly; half as long again is late.
    c_report_days constant integer := 29 + 11;
    c_score_days constant integer := 2;
    v_today constant date := trustcart.business_date();
    v_model trustcart.customer_models;
    v_last trustcart.customer_models;
    v_report trustcart.model_reports;
    v_due_on date;
    v_problems text[] := array[]::text[];
    v_remedies text[] := array[]::text[];
begin
    v_model := trustcart_private.model_of(v_today);
    select m.* into v_last from trustcart.customer_models as m order by m.fitted_on desc, m.id desc limit 1;
    select r.* into v_report from trustcart.model_reports as r order by r.as_of desc limit 1;
    -- Few scores are renewed on a day, in a small shop none: what counts is since when one should have been. All of them,
    -- when they come from another model than that in use, or are missing.
    select
        case
            when min(s.model_id) = v_model.id and max(s.model_id) = v_model.id then min(s.valid_until)
            when exists (select from trustcart.customers as c where c.order_count > 0)
                then greatest(v_model.fitted_on, (select max(x.scored_on) from trustcart.customer_scores as x)) + 1
        end
    into v_due_on
    from trustcart.customer_scores as s;
    -- Until a model has learnt from the days on which it parted from what came.
    if v_report.is_adrift and v_model.orders_to < v_report.as_of + v_report.horizon_days then
        v_problems := v_problems || format(
            'adrift: %s orders foretold for the %s days after %s, %s came',
            round(v_report.forecast_orders::numeric), v_report.horizon_days, v_report.as_of, v_report.orders
        );
        v_remedies := v_remedies || 'select * from trustcart.fit_customer_model(); learns from what came since.'::text;
    end if;
    if not v_last.is_converged then
        v_problems := v_problems || format('the fit of %s did not converge: %s', v_last.fitted_on, v_last.problem);
        v_remedies := v_remedies || 'The model before it stays in use; docs/runbook.md#model says what to look at.'::text;
    end if;
    if v_due_on <= v_today - c_score_days then
        v_problems := v_problems || format('scores are due since %s', v_due_on);
        v_remedies := v_remedies || 'trustcart-db run refresh_customer_scores'::text;
    end if;
    if (trustcart_private.model_of(v_today - c_report_days)).id is not null
        and coalesce(v_report.as_of, '-infinity') < v_today - c_report_days then
        v_problems := v_problems || format('last report as of %s', coalesce(v_report.as_of::text, 'no day'));
        v_remedies := v_remedies || 'trustcart-db run report_customer_model'::text;
    end if;

    check_name := 'model';
    status := case when v_problems <> '{}' then 'warning' else 'ok' end;
    finding := case
        when v_problems <> '{}' then array_to_string(v_problems, '; ')
        when v_model.id is null then 'no model in use: calls go by the guide''s bands'
        when v_report.as_of is null then format('model %s in use, no report is due yet', v_model.id)
        else format(
            'model %s in use, %s orders foretold%s for the %s days after %s, %s came',
            v_model.id,
            round(v_report.forecast_orders::numeric),
            case when v_report.model_id <> v_model.id then format(' by model %s', v_report.model_id) end,
            v_report.horizon_days,
            v_report.as_of,
            v_report.orders
        )
    end;
    threshold := format(
        'warning: adrift by settings.model_drift_share, a fit that did not converge, scores due for %s days, '
        'a report older than %s', c_score_days, c_report_days
    );
    remedy := nullif(array_to_string(v_remedies, ' '), '');
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_model_adrift', 'value', coalesce(v_report.is_adrift, false)::integer)
    ) || case
        when v_report.as_of is null then '[]'
        else jsonb_build_array(
            jsonb_build_object(
                'name', 'trustcart_model_orders_foretold', 'value', round(v_report.forecast_orders::numeric)
            ),
            jsonb_build_object('name', 'trustcart_model_orders', 'value', v_report.orders)
        )
    end;
    return next;
end;
$$;
comment on function trustcart.doctor_model() is
'Part of `trustcart-db doctor`: model (does the customer model in use still foretell what comes, and is it kept up?).
Rows as of doctor_rights().';
