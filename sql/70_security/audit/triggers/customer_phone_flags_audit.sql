-- requires: log_audit_trail

create or replace trigger customer_phone_flags_audit
after insert or update or delete on trustcart.customer_phone_flags
for each row
execute function trustcart.log_audit_trail();

comment on trigger customer_phone_flags_audit on trustcart.customer_phone_flags is
'Writes to audit_logs who changed which numbers are flagged.';
