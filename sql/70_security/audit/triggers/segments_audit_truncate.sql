-- requires: log_audit_trail

create or replace trigger segments_audit_truncate
after truncate on trustcart.segments
for each statement
execute function trustcart.log_audit_trail();

comment on trigger segments_audit_truncate on trustcart.segments is
'Writes to audit_logs that the table was emptied.';
