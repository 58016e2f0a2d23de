-- requires: note_order_changes

create or replace trigger sales_orders_baskets_update
after update on trustcart.sales_orders
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.note_order_changes();

comment on trigger sales_orders_baskets_update on trustcart.sales_orders is
'Notes the orders whose counting changes, for the next refresh_recommendations().';
