-- requires: log_audit_trail

create or replace trigger customer_family_members_audit_truncate
after truncate on trustcart.customer_family_members
for each statement
execute function trustcart.log_audit_trail();

comment on trigger customer_family_members_audit_truncate on trustcart.customer_family_members is
'Writes to audit_logs that the table was emptied.';
