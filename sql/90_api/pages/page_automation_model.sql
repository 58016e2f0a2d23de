-- requires: page_frame, call_effect, model_of

create or replace function trustcart_api.page_automation_model()
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_today date := trustcart.business_date();
    c_effect_days constant integer := 28;
begin
    return jsonb_build_object(
        'frame', v_frame,
        'model', (
            select
                jsonb_build_object(
                    'id', m.id, 'fitted_on', m.fitted_on, 'orders_to', m.orders_to, 'customers', m.customers,
                    'repeat_customers', m.repeat_customers
                )
            from trustcart_private.model_of(v_today) as m
            where m.id is not null
        ),
        'problem', (
            select m.problem
            from trustcart.customer_models as m
            order by m.id desc
            limit 1
        ),
        'call_order', (select s.call_order from trustcart.settings as s),
        'call_holdout_share', (select s.call_holdout_share from trustcart.settings as s),
        'report', (
            select to_jsonb(r)
            from trustcart.model_reports as r
            order by r.as_of desc
            limit 1
        ),
        'segments', (
            select coalesce(jsonb_agg(to_jsonb(x) order by x.customers desc, x.segment), '[]')
            from (
                select
                    r.segment,
                    count(*) as customers
                from trustcart.customer_rfm as r
                group by r.segment
            ) as x
        ),
        -- A year of cohorts, each with its year.
        'cohorts', (
            select coalesce(jsonb_agg(to_jsonb(x) order by x.cohort desc), '[]')
            from (
                select
                    r.cohort,
                    max(r.cohort_customers) as customers,
                    jsonb_object_agg(r.month_number, r.retention) filter (where r.month_number between 1 and 12)
                        as months,
                    max(r.value_per_customer) as value_per_customer,
                    (
                        (extract(year from v_today) - extract(year from r.cohort)) * 12
                        + extract(month from v_today) - extract(month from r.cohort)
                    )::integer as age
                from trustcart.cohort_retention as r
                where r.cohort > v_today - interval '13 months'
                group by r.cohort
            ) as x
        ),
        'effect', (
            select to_jsonb(e) || jsonb_build_object('from', p.d_from, 'to', p.d_to, 'days', c_effect_days)
            from (
                select
                    v_today - 2 * c_effect_days as d_from,
                    v_today - c_effect_days - 1 as d_to
            ) as p
            cross join lateral trustcart.call_effect(p.d_from, p.d_to, c_effect_days) as e
            where e.held_out_customers > 0
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_model() is
'Who will still buy, for the automation dashboard: the model in use and why the last fit is no good if so, the last
weekly report, customers by RFM segment, the cohorts of a year with the share that ordered in each month since, and
what calling brought of the four weeks before the last four, null without a holdout. Managers alone. Amounts in taka.';
