-- requires: log_audit_trail

create or replace trigger users_audit
after insert or update or delete on trustcart.users
for each row
execute function trustcart.log_audit_trail();

comment on trigger users_audit on trustcart.users is
'Writes to audit_logs who changed who may do what.';
