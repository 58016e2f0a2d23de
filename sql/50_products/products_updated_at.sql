-- requires: set_updated_at

create or replace trigger products_updated_at
before update on trustcart.products
for each row
execute function trustcart_private.set_updated_at();

comment on trigger products_updated_at on trustcart.products is 'Keeps updated_at.';
