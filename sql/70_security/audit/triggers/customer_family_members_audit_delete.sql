-- requires: log_audit_rows

create or replace trigger customer_family_members_audit_delete
after delete on trustcart.customer_family_members
referencing old table as old_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customer_family_members_audit_delete on trustcart.customer_family_members is
'Writes to audit_logs who deleted the families of customers.';
