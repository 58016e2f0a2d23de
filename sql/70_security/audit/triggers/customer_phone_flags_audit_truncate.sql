-- requires: log_audit_trail

create or replace trigger customer_phone_flags_audit_truncate
after truncate on trustcart.customer_phone_flags
for each statement
execute function trustcart.log_audit_trail();

comment on trigger customer_phone_flags_audit_truncate on trustcart.customer_phone_flags is
'Writes to audit_logs that the table was emptied.';
