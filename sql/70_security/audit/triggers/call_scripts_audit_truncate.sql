-- requires: log_audit_trail

create or replace trigger call_scripts_audit_truncate
after truncate on trustcart.call_scripts
for each statement
execute function trustcart.log_audit_trail();

comment on trigger call_scripts_audit_truncate on trustcart.call_scripts is
'Writes to audit_logs that the table was emptied.';
