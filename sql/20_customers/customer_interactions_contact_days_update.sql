-- requires: keep_contact_days_of_interactions

-- Its name sorts before customer_interactions_count_update, which locks only customers whose count changes: this one
-- locks all that are concerned, in order.
create or replace trigger customer_interactions_contact_days_update
after update on trustcart.customer_interactions
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.keep_contact_days_of_interactions();

comment on trigger customer_interactions_contact_days_update on trustcart.customer_interactions is
'Keeps contact_days.';
