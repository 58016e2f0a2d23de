-- Jobs that were not done, that failed, were given up or run for too long.
begin;
select plan(9);
update trustcart.job_schedules set is_enabled = job_name = 'detect_dropoffs', run_at = '00:00', max_attempts = 2;
create function pg_temp.said(p_check text) returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_jobs() as d where d.check_name = p_check $$;

select is(pg_temp.said('jobs_overdue'), 'ok: none has ever run', 'a new installation waits for somebody to begin');
insert into trustcart.job_runs (job_name, business_date, status, started_at, finished_at)
values ('detect_dropoffs', trustcart.business_date() - 3, 'succeeded', now() - interval '3 days', now() - interval '3 days');
select is(
    pg_temp.said('jobs_overdue'),
    format('critical: detect_dropoffs (last done for %s)', trustcart.business_date() - 3), 'not done for yesterday either'
);
insert into trustcart.job_runs (job_name, business_date, status, started_at, finished_at)
values ('detect_dropoffs', trustcart.business_date(), 'succeeded', now(), now());
select matches(pg_temp.said('jobs_overdue'), '^ok: none of 1', 'done for today');
select matches(pg_temp.said('jobs_failing'), '^ok', 'and well');

insert into trustcart.job_runs (job_name, business_date, status, finished_at, error_sqlstate, error_message)
values ('detect_dropoffs', trustcart.business_date() - 1, 'failed', now(), 'TC202', 'it cannot');
select is(pg_temp.said('jobs_failing'), 'warning: detect_dropoffs: it cannot', 'the last run failed');
delete from trustcart.job_runs;
insert into trustcart.job_runs (job_name, business_date, status, finished_at, error_sqlstate, error_message)
select 'detect_dropoffs', trustcart.business_date(), 'failed', now(), 'TC202', 'it cannot' from generate_series(1, 2);
select is(pg_temp.said('jobs_failing'), 'critical: detect_dropoffs: it cannot', 'and nobody tries again today');
delete from trustcart.job_runs;
insert into trustcart.job_runs (job_name, business_date, started_at)
values ('detect_dropoffs', trustcart.business_date(), now() - interval '7 hours');
select matches(pg_temp.said('jobs_failing'), '^warning: still running: detect_dropoffs since', 'runs for too long');
select set_eq(
    $$ select f.value ->> 'name' from trustcart.doctor_jobs() as d cross join jsonb_array_elements(d.figures) as f (value) $$,
    array['trustcart_job_last_run_timestamp_seconds', 'trustcart_jobs_overdue', 'trustcart_jobs_failing',
        'trustcart_jobs_stuck'],
    'figures'
);
select is(
    (select count(*) from trustcart.doctor_jobs() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;
