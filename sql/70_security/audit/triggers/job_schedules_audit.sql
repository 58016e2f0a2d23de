-- requires: log_audit_trail

create or replace trigger job_schedules_audit
after insert or update or delete on trustcart.job_schedules
for each row
execute function trustcart.log_audit_trail();

comment on trigger job_schedules_audit on trustcart.job_schedules is
'Writes to audit_logs who changed when jobs run.';
