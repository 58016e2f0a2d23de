-- requires: keep_contact_days_of_interactions

-- Its name sorts behind customer_interactions_count_insert, which has then locked the customers: they come before their
-- days in every session, and locking them here once more would cost a twentieth of the insert.
create or replace trigger customer_interactions_keep_contact_days_insert
after insert on trustcart.customer_interactions
referencing new table as new_rows
for each statement
execute function trustcart_private.keep_contact_days_of_interactions();

comment on trigger customer_interactions_keep_contact_days_insert on trustcart.customer_interactions is
'Keeps contact_days.';
