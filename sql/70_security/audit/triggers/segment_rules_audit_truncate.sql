-- requires: log_audit_trail

create or replace trigger segment_rules_audit_truncate
after truncate on trustcart.segment_rules
for each statement
execute function trustcart.log_audit_trail();

comment on trigger segment_rules_audit_truncate on trustcart.segment_rules is
'Writes to audit_logs that the table was emptied.';
