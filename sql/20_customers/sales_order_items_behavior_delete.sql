-- requires: mark_behavior_due

create or replace trigger sales_order_items_behavior_delete
after delete on trustcart.sales_order_items
referencing old table as old_rows
for each statement
execute function trustcart_private.mark_behavior_due();

comment on trigger sales_order_items_behavior_delete on trustcart.sales_order_items is
'What is bought tells what a customer likes: the behaviour is refreshed by the next run of its job.';
