-- requires: log_audit_trail

create or replace trigger order_statuses_audit
after insert or update or delete on trustcart.order_statuses
for each row
execute function trustcart.log_audit_trail();

comment on trigger order_statuses_audit on trustcart.order_statuses is
'Writes to audit_logs who changed which orders count.';
