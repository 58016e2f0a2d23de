-- requires: update_customer_lifecycle

create or replace trigger sales_orders_lifecycle_delete
after delete on trustcart.sales_orders
referencing old table as old_rows
for each statement
execute function trustcart.update_customer_lifecycle();

comment on trigger sales_orders_lifecycle_delete on trustcart.sales_orders is
'Keeps customer state right within the delete''s own transaction.';
