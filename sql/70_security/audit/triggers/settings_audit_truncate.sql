-- requires: log_audit_trail

create or replace trigger settings_audit_truncate
after truncate on trustcart.settings
for each statement
execute function trustcart.log_audit_trail();

comment on trigger settings_audit_truncate on trustcart.settings is
'Writes to audit_logs that the table was emptied.';
