-- requires: log_audit_trail

create or replace trigger sales_order_items_audit_truncate
after truncate on trustcart.sales_order_items
for each statement
execute function trustcart.log_audit_trail();

comment on trigger sales_order_items_audit_truncate on trustcart.sales_order_items is
'Writes to audit_logs that the table was emptied.';
