-- requires: log_audit_trail

create or replace trigger settings_audit
after insert or update or delete on trustcart.settings
for each row
execute function trustcart.log_audit_trail();

comment on trigger settings_audit on trustcart.settings is
'Writes to audit_logs who changed what the rules are.';
