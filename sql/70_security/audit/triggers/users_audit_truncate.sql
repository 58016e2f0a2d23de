-- requires: log_audit_trail

create or replace trigger users_audit_truncate
after truncate on trustcart.users
for each statement
execute function trustcart.log_audit_trail();

comment on trigger users_audit_truncate on trustcart.users is
'Writes to audit_logs that the table was emptied.';
