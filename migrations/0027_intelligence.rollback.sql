-- One that a segment asks about stays, and the segment is refused: without the rule it would reach more.
delete from trustcart.segment_attributes as a
where
    a.attribute in ('rfm_segment', 'p_alive', 'expected_orders_90_days', 'expected_value_90_days')
    and a.attribute not in (select r.attribute from trustcart.segment_rules as r);
delete from trustcart.job_runs
where
    job_name in (
        'refit_customer_model', 'refresh_customer_scores', 'refresh_customer_rfm', 'refresh_cohorts',
        'report_customer_model'
    );
delete from trustcart.job_schedules
where
    job_name in (
        'refit_customer_model', 'refresh_customer_scores', 'refresh_customer_rfm', 'refresh_cohorts',
        'report_customer_model'
    );
alter table trustcart.settings drop column if exists customer_model_id;
alter table trustcart.settings drop column if exists model_drift_share;
drop table if exists trustcart.call_holdouts;
alter table trustcart.settings drop column if exists call_holdout_share;
alter table trustcart.settings drop column if exists call_order;
drop table if exists trustcart.model_reports;
drop table if exists trustcart.cohort_months;
drop table if exists trustcart.customer_rfm;
drop table if exists trustcart.rfm_segments;
drop table if exists trustcart_private.scores_due;
drop table if exists trustcart.customer_scores;
drop table if exists trustcart.customer_models;
