-- requires: log_audit_rows

create or replace trigger customer_interactions_audit_update
after update on trustcart.customer_interactions
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customer_interactions_audit_update on trustcart.customer_interactions is
'Writes to audit_logs who changed what was said with customers.';
