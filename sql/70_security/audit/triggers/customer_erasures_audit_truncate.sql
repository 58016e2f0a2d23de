-- requires: log_audit_trail

create or replace trigger customer_erasures_audit_truncate
after truncate on trustcart.customer_erasures
for each statement
execute function trustcart.log_audit_trail();

comment on trigger customer_erasures_audit_truncate on trustcart.customer_erasures is
'Writes to audit_logs that the table was emptied.';
