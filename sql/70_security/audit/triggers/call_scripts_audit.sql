-- requires: log_audit_trail

create or replace trigger call_scripts_audit
after insert or update or delete on trustcart.call_scripts
for each row
execute function trustcart.log_audit_trail();

comment on trigger call_scripts_audit on trustcart.call_scripts is
'Writes to audit_logs who changed what agents say.';
