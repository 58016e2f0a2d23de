-- requires: log_audit_trail

create or replace trigger order_statuses_audit_truncate
after truncate on trustcart.order_statuses
for each statement
execute function trustcart.log_audit_trail();

comment on trigger order_statuses_audit_truncate on trustcart.order_statuses is
'Writes to audit_logs that the table was emptied.';
