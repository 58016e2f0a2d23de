-- requires: update_customer_lifecycle

create or replace trigger sales_orders_lifecycle_truncate
after truncate on trustcart.sales_orders
for each statement
execute function trustcart.update_customer_lifecycle();

comment on trigger sales_orders_lifecycle_truncate on trustcart.sales_orders is
'Keeps customer state right within the truncate''s own transaction.';
