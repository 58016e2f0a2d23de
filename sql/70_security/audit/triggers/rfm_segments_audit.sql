-- requires: log_audit_trail

create or replace trigger rfm_segments_audit
after insert or update or delete on trustcart.rfm_segments
for each row
execute function trustcart.log_audit_trail();

comment on trigger rfm_segments_audit on trustcart.rfm_segments is
'Writes to audit_logs who changed what customers are called.';
