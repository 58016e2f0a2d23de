-- requires: log_audit_trail

create or replace trigger crm_call_tasks_audit_truncate
after truncate on trustcart.crm_call_tasks
for each statement
execute function trustcart.log_audit_trail();

comment on trigger crm_call_tasks_audit_truncate on trustcart.crm_call_tasks is
'Writes to audit_logs that the table was emptied.';
