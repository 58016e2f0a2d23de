-- requires: log_audit_trail

create or replace trigger customer_contact_preferences_audit_truncate
after truncate on trustcart.customer_contact_preferences
for each statement
execute function trustcart.log_audit_trail();

comment on trigger customer_contact_preferences_audit_truncate on trustcart.customer_contact_preferences is
'Writes to audit_logs that the table was emptied.';
