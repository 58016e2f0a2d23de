-- requires: log_audit_rows

create or replace trigger customers_audit_insert
after insert on trustcart.customers
referencing new table as new_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customers_audit_insert on trustcart.customers is
'Writes to audit_logs who entered customers.';
