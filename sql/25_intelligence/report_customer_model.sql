-- requires: model_report

create or replace function trustcart.report_customer_model(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_days constant integer := 28;
    v_forecast_on date := trustcart_private.require_date(p_as_of) - c_days - 1;  -- the day before p_as_of is whole
    v_report trustcart.model_reports;
begin
    if (trustcart_private.model_of(v_forecast_on)).id is null then
        return jsonb_build_object('message', format('No model was in use on %s', v_forecast_on));
    end if;
    if exists (select from trustcart.model_reports as r where r.as_of > v_forecast_on - 7) then
        return jsonb_build_object('message', 'This week''s report is there');
    end if;
    insert into trustcart.model_reports
    select r.*
    from trustcart.model_report(v_forecast_on, c_days) as r
    returning * into v_report;
    return jsonb_build_object(
        'message', format(
            'Of %s orders foretold from %s on %s came%s', round(v_report.forecast_orders::numeric), v_forecast_on + 1,
            v_report.orders, case when v_report.is_adrift then ': the model is adrift' else '' end
        ),
        'as_of', v_forecast_on, 'is_adrift', v_report.is_adrift
    );
end;
$$;
comment on function trustcart.report_customer_model(date) is
'Daily job that writes once a week, into model_reports, what model_report() says of the four weeks that ended the day
before. Result: message, as_of, is_adrift. Errors: TC001.';
