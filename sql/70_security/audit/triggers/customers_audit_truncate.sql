-- requires: log_audit_trail

create or replace trigger customers_audit_truncate
after truncate on trustcart.customers
for each statement
execute function trustcart.log_audit_trail();

comment on trigger customers_audit_truncate on trustcart.customers is
'Writes to audit_logs that the table was emptied.';
