-- requires: set_updated_at

create or replace trigger segments_updated_at
before update on trustcart.segments
for each row
execute function trustcart_private.set_updated_at();

comment on trigger segments_updated_at on trustcart.segments is 'Keeps updated_at.';
