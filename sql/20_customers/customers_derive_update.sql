-- requires: derive_customer

-- The state's own writes raise state_revision and pass by.
create or replace trigger customers_derive_update
after update on trustcart.customers
for each row
when (new.state_revision = old.state_revision)
execute function trustcart_private.derive_customer();

comment on trigger customers_derive_update on trustcart.customers is
'Undoes what others write into derived columns; keeps the E.164 numbers and updated_at.';
