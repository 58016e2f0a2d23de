-- requires: log_audit_trail

create or replace trigger rfm_segments_audit_truncate
after truncate on trustcart.rfm_segments
for each statement
execute function trustcart.log_audit_trail();

comment on trigger rfm_segments_audit_truncate on trustcart.rfm_segments is
'Writes to audit_logs that the table was emptied.';
