-- requires: log_audit_trail

create or replace trigger job_schedules_audit_truncate
after truncate on trustcart.job_schedules
for each statement
execute function trustcart.log_audit_trail();

comment on trigger job_schedules_audit_truncate on trustcart.job_schedules is
'Writes to audit_logs that the table was emptied.';
