-- requires: set_updated_at

create or replace trigger customer_contact_preferences_updated_at
before update on trustcart.customer_contact_preferences
for each row
execute function trustcart_private.set_updated_at();

comment on trigger customer_contact_preferences_updated_at on trustcart.customer_contact_preferences is
'Keeps updated_at.';
