-- requires: log_audit_trail

create or replace trigger sales_orders_audit_truncate
after truncate on trustcart.sales_orders
for each statement
execute function trustcart.log_audit_trail();

comment on trigger sales_orders_audit_truncate on trustcart.sales_orders is
'Writes to audit_logs that the table was emptied.';
