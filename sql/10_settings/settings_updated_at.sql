-- requires: set_updated_at

create or replace trigger settings_updated_at
before update on trustcart.settings
for each row
execute function trustcart_private.set_updated_at();

comment on trigger settings_updated_at on trustcart.settings is 'Keeps updated_at.';
