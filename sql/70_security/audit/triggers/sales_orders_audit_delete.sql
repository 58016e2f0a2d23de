-- requires: log_audit_rows

create or replace trigger sales_orders_audit_delete
after delete on trustcart.sales_orders
referencing old table as old_rows
for each statement
execute function trustcart_private.log_audit_rows();

comment on trigger sales_orders_audit_delete on trustcart.sales_orders is
'Writes to audit_logs who deleted orders.';
