-- requires: note_item_changes

create or replace trigger sales_order_items_baskets_update
after update on trustcart.sales_order_items
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.note_item_changes();

comment on trigger sales_order_items_baskets_update on trustcart.sales_order_items is
'Notes the baskets that change, for the next refresh_recommendations().';
