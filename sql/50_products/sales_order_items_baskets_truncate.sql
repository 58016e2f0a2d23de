-- requires: note_item_changes

create or replace trigger sales_order_items_baskets_truncate
after truncate on trustcart.sales_order_items
for each statement
execute function trustcart_private.note_item_changes();

comment on trigger sales_order_items_baskets_truncate on trustcart.sales_order_items is
'Notes all baskets, to be taken back by the next refresh_recommendations().';
