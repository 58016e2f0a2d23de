-- requires: log_audit_rows

create or replace trigger sales_order_items_audit_delete
after delete on trustcart.sales_order_items
referencing old table as old_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger sales_order_items_audit_delete on trustcart.sales_order_items is
'Writes to audit_logs who deleted what was ordered.';
