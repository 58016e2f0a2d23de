-- requires: set_updated_at

create or replace trigger sales_orders_updated_at
before update on trustcart.sales_orders
for each row
execute function trustcart_private.set_updated_at();

comment on trigger sales_orders_updated_at on trustcart.sales_orders is 'Keeps updated_at.';
