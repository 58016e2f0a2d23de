-- requires: log_audit_trail

create or replace trigger customer_erasures_audit
after insert or update or delete on trustcart.customer_erasures
for each row
execute function trustcart.log_audit_trail();

comment on trigger customer_erasures_audit on trustcart.customer_erasures is
'Writes to audit_logs who erased whom, and who touched the proof of it.';
