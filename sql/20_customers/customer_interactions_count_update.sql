-- requires: count_customer_links

create or replace trigger customer_interactions_count_update
after update on trustcart.customer_interactions
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.count_customer_links();

comment on trigger customer_interactions_count_update on trustcart.customer_interactions is
'Keeps the customers'' count of them.';
