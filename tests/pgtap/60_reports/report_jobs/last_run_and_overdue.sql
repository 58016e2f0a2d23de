begin;
select plan(6);

delete from trustcart.job_runs;
select is(
    (select array_agg(j.job_name) from trustcart.report_jobs() as j),
    (select array_agg(s.job_name order by s.run_order) from trustcart.job_schedules as s),
    'every job, in the order they run'
);
select is_empty('select job_name from trustcart.report_jobs() where is_overdue', 'a job that never ran is not overdue');

-- Its time is past for long on every day but the first hour of it.
update trustcart.settings
set time_zone = case when (now() at time zone 'UTC')::time < '12:00' then 'Etc/GMT-12' else 'UTC' end;
update trustcart.job_schedules set run_at = '01:00';
insert into trustcart.job_runs (job_name, business_date, status, finished_at, result, error_sqlstate, error_message)
values
('detect_dropoffs', trustcart.business_date() - 1, 'succeeded', clock_timestamp(), '{"opened": 1}', null, null),
('refresh_customer_state', trustcart.business_date(), 'succeeded', clock_timestamp(), '{"moved": 2}', null, null),
('refresh_customer_state', trustcart.business_date(), 'failed', clock_timestamp(), null, 'XX000', 'broken');
select results_eq(
    $$select job_name, last_status, last_result, last_success_date = trustcart.business_date(), is_overdue
    from trustcart.report_jobs() where last_status is not null$$,
    $$values
    ('refresh_customer_state', 'failed', '"broken"'::jsonb, true, false),
    ('detect_dropoffs', 'succeeded', '{"opened": 1}', false, true)$$,
    'the last run, its result or error, and what is overdue'
);
update trustcart.job_schedules set is_enabled = false;
select is_empty('select job_name from trustcart.report_jobs() where is_overdue', 'what is disabled is not overdue');

-- Due in half an hour, so not late: yesterday's success is enough.
update trustcart.job_schedules
set is_enabled = true, run_at = least((now() at time zone s.time_zone)::time, '23:00') + interval '30 minutes'
from trustcart.settings as s;
select is(
    (select j.is_overdue from trustcart.report_jobs() as j where j.job_name = 'detect_dropoffs'), false,
    'before its time it is not overdue'
);
delete from trustcart.job_runs where status = 'succeeded';
select is(
    (select j.is_overdue from trustcart.report_jobs() as j where j.job_name = 'refresh_customer_state'), true,
    'one that has only failed is'
);

select * from finish();
rollback;
