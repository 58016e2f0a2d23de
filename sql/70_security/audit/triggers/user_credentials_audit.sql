-- requires: log_audit_trail

-- Not of the counters of failures, which every sign-in moves.
create or replace trigger user_credentials_audit
after insert or delete or update of password_hash on trustcart_private.user_credentials
for each row
execute function trustcart.log_audit_trail();

comment on trigger user_credentials_audit on trustcart_private.user_credentials is
'Writes to audit_logs that a password was set, never what it is.';
