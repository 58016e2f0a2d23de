-- requires: log_audit_trail

create or replace trigger segment_attributes_audit
after insert or update or delete on trustcart.segment_attributes
for each row
execute function trustcart.log_audit_trail();

comment on trigger segment_attributes_audit on trustcart.segment_attributes is
'Writes to audit_logs who changed what segments may ask for.';
