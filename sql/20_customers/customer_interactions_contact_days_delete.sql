-- requires: keep_contact_days_of_interactions

create or replace trigger customer_interactions_contact_days_delete
after delete on trustcart.customer_interactions
referencing old table as old_rows
for each statement
execute function trustcart_private.keep_contact_days_of_interactions();

comment on trigger customer_interactions_contact_days_delete on trustcart.customer_interactions is
'Keeps contact_days.';
