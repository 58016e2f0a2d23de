-- requires: log_audit_trail

create or replace trigger call_task_types_audit
after insert or update or delete on trustcart.call_task_types
for each row
execute function trustcart.log_audit_trail();

comment on trigger call_task_types_audit on trustcart.call_task_types is
'Writes to audit_logs who changed how calls are planned.';
