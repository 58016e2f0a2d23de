-- requires: log_audit_rows

create or replace trigger customers_audit_delete
after delete on trustcart.customers
referencing old table as old_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customers_audit_delete on trustcart.customers is
'Writes to audit_logs who deleted customers.';
