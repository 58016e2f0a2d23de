-- requires: log_audit_trail

create or replace trigger dismissed_duplicates_audit_truncate
after truncate on trustcart.dismissed_duplicates
for each statement
execute function trustcart.log_audit_trail();

comment on trigger dismissed_duplicates_audit_truncate on trustcart.dismissed_duplicates is
'Writes to audit_logs that the table was emptied.';
