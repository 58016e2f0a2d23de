-- requires: log_audit_trail

create or replace trigger crm_call_tasks_audit_delete
after delete on trustcart.crm_call_tasks
for each row
execute function trustcart.log_audit_trail();

comment on trigger crm_call_tasks_audit_delete on trustcart.crm_call_tasks is
'Writes to audit_logs who deleted a call.';
