-- requires: log_audit_trail

create or replace trigger segment_rules_audit
after insert or update or delete on trustcart.segment_rules
for each row
execute function trustcart.log_audit_trail();

comment on trigger segment_rules_audit on trustcart.segment_rules is
'Writes to audit_logs who changed who is in a segment.';
