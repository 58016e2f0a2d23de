-- requires: update_customer_lifecycle

create or replace trigger sales_orders_lifecycle_insert
after insert on trustcart.sales_orders
referencing new table as new_rows
for each statement
execute function trustcart.update_customer_lifecycle();

comment on trigger sales_orders_lifecycle_insert on trustcart.sales_orders is
'Keeps customer state right within the insert''s own transaction.';
