-- requires: log_audit_trail

create or replace trigger dismissed_duplicates_audit
after insert or update or delete on trustcart.dismissed_duplicates
for each row
execute function trustcart.log_audit_trail();

comment on trigger dismissed_duplicates_audit on trustcart.dismissed_duplicates is
'Writes to audit_logs who changed which customers are not the same.';
