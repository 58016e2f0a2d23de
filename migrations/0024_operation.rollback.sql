delete from trustcart.job_runs
where job_name in ('ensure_attempt_partitions', 'drop_old_attempts', 'record_table_sizes');
delete from trustcart.job_schedules
where job_name in ('ensure_attempt_partitions', 'drop_old_attempts', 'record_table_sizes');
drop table if exists trustcart_private.table_sizes;
drop table if exists trustcart_private.given_rights;
alter table if exists trustcart.settings drop column if exists attempts_keep_months;
