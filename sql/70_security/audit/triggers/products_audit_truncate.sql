-- requires: log_audit_trail

create or replace trigger products_audit_truncate
after truncate on trustcart.products
for each statement
execute function trustcart.log_audit_trail();

comment on trigger products_audit_truncate on trustcart.products is
'Writes to audit_logs that the table was emptied.';
