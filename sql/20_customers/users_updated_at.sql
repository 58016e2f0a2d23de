-- requires: set_updated_at

create or replace trigger users_updated_at
before update on trustcart.users
for each row
execute function trustcart_private.set_updated_at();

comment on trigger users_updated_at on trustcart.users is 'Keeps updated_at.';
