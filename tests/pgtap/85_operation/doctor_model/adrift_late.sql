-- A model adrift, one that is not kept up, and a fit that failed.
begin;
select plan(14);
create function pg_temp.said() returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_model() as d $$;
create function pg_temp.fit(p_days_ago integer, p_problem text default null) returns bigint language sql as $$
insert into trustcart.customer_models (
    fitted_on, orders_from, orders_to, customers, repeat_customers, order_groups, r, alpha, a, b, log_likelihood,
    evaluations, value_customers, value_groups, is_converged, problem
)
values (
    trustcart.business_date() - p_days_ago, trustcart.business_date() - 900, trustcart.business_date() - p_days_ago - 1,
    9, 5, 9, 1, 1, 1, 1, -1, 1, 0, 0, p_problem is null, p_problem
)
returning id
$$;
create function pg_temp.report(p_days_ago integer, p_is_adrift boolean) returns void language sql as $$
delete from trustcart.model_reports;
insert into trustcart.model_reports (
    as_of, model_id, horizon_days, customers, buyers, forecast_orders, orders, forecast_value, revenue,
    calibration_error, brier, brier_of_bands, deciles, is_adrift
)
select trustcart.business_date() - p_days_ago, min(m.id), 28, 9, 5, 10.4, 3, 100, 30, 0.2, 0.2, 0.2, '[]', p_is_adrift
from trustcart.customer_models as m
$$;

select is(pg_temp.said(), 'ok: no model in use: calls go by the guide''s bands', 'a shop without a model is well');
insert into trustcart.customers (id, first_name, phone) values (1, 'Karim', '01711000001');
select pg_temp.fit(60);
insert into trustcart.customer_scores (
    customer_id, model_id, repeat_orders, first_order_date, last_order_date, p_alive, expected_orders_90_days,
    expected_value_90_days, scored_on, valid_until
)
select 1, min(m.id), 0, trustcart.business_date() - 9, trustcart.business_date() - 9, 1, 1, 1, trustcart.business_date(),
    trustcart.business_date() + 9
from trustcart.customer_models as m;
select is(pg_temp.said(), 'warning: last report as of no day', 'in use for so long, and nobody looked');
select pg_temp.report(30, false);
select matches(
    pg_temp.said(), '^ok: model \d+ in use, 10 orders foretold for the 28 days after [-\d]+, 3 came$', 'looked at, and well'
);
select pg_temp.report(30, true);
select matches(pg_temp.said(), '^warning: adrift: 10 orders foretold for the 28 days after [-\d]+, 3 came$', 'adrift');
select pg_temp.report(47, false);
select matches(pg_temp.said(), '^warning: last report as of [-\d]+$', 'a week''s report is missing');
select pg_temp.report(30, false);
update trustcart.customer_scores set scored_on = trustcart.business_date() - 8;
select matches(pg_temp.said(), '^ok: ', 'a score that is old and has not aged by a step is well');
update trustcart.customer_scores set valid_until = trustcart.business_date() - 1;
select matches(pg_temp.said(), '^ok: ', 'so is one that yesterday''s job has missed');
update trustcart.customer_scores set valid_until = trustcart.business_date() - 2;
select is(
    pg_temp.said(), format('warning: scores are due since %s', trustcart.business_date() - 2), 'the scores are late'
);
update trustcart.customer_scores set valid_until = trustcart.business_date() + 9;
select pg_temp.report(30, true);
select pg_temp.fit(2);
select matches(
    pg_temp.said(), '^warning: adrift: [^;]+$', 'a new model that has not learnt from all of these days changes nothing'
);
select pg_temp.report(31, true);
select matches(
    pg_temp.said(), '^ok: model \d+ in use, 10 orders foretold by model \d+ for the 28 days after [-\d]+, 3 came$',
    'one that has does'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 9, 100, 'delivered');
update trustcart.customer_models set fitted_on = fitted_on - 8, orders_to = orders_to - 8
where fitted_on > trustcart.business_date() - 9;
select pg_temp.report(30, false);
select matches(pg_temp.said(), '^warning: scores are due since [-\d]+$', 'not scored by the new model');
update trustcart.customer_scores set model_id = (select max(m.id) from trustcart.customer_models as m);
select pg_temp.fit(1, 'the likelihood has no summit');
select matches(pg_temp.said(), '^warning: the fit of [-\d]+ did not converge: the likelihood has no summit$', 'a fit failed');
select set_eq(
    $$ select f.value ->> 'name' from trustcart.doctor_model() as d cross join jsonb_array_elements(d.figures) as f (value) $$,
    array['trustcart_model_adrift', 'trustcart_model_orders_foretold', 'trustcart_model_orders'],
    'figures'
);
select is(
    (select count(*) from trustcart.doctor_model() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;
