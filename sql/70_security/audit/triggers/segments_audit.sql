-- requires: log_audit_trail

create or replace trigger segments_audit
after insert or update or delete on trustcart.segments
for each row
execute function trustcart.log_audit_trail();

comment on trigger segments_audit on trustcart.segments is
'Writes to audit_logs who changed which segments there are.';
