-- requires: log_audit_trail

create or replace trigger customer_contact_preferences_audit
after insert or update or delete on trustcart.customer_contact_preferences
for each row
execute function trustcart.log_audit_trail();

comment on trigger customer_contact_preferences_audit on trustcart.customer_contact_preferences is
'Writes to audit_logs who changed how customers wish to be reached.';
