-- requires: update_customer_lifecycle

create or replace trigger sales_orders_lifecycle_update
after update on trustcart.sales_orders
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart.update_customer_lifecycle();

comment on trigger sales_orders_lifecycle_update on trustcart.sales_orders is
'Keeps customer state right within the update''s own transaction.';
