drop table if exists trustcart.job_runs;
drop table if exists trustcart.job_schedules;
