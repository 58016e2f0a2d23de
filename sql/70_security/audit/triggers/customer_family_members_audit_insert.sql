-- requires: log_audit_rows

create or replace trigger customer_family_members_audit_insert
after insert on trustcart.customer_family_members
referencing new table as new_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customer_family_members_audit_insert on trustcart.customer_family_members is
'Writes to audit_logs who entered the families of customers.';
