-- requires: log_audit_trail

create or replace trigger user_credentials_audit_truncate
after truncate on trustcart_private.user_credentials
for each statement
execute function trustcart.log_audit_trail();

comment on trigger user_credentials_audit_truncate on trustcart_private.user_credentials is
'Writes to audit_logs that the table was emptied.';
