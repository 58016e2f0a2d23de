-- requires: log_audit_rows

create or replace trigger customer_interactions_audit_insert
after insert on trustcart.customer_interactions
referencing new table as new_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger customer_interactions_audit_insert on trustcart.customer_interactions is
'Writes to audit_logs who entered what was said with customers.';
