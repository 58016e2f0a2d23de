-- requires: log_audit_trail

create or replace trigger customer_merges_audit
after insert or update or delete on trustcart.customer_merges
for each row
execute function trustcart.log_audit_trail();

comment on trigger customer_merges_audit on trustcart.customer_merges is
'Writes to audit_logs who merged whom, and who undid it.';
