-- requires: derive_customer

create or replace trigger customers_derive_insert
before insert on trustcart.customers
for each row
execute function trustcart_private.derive_customer();

comment on trigger customers_derive_insert on trustcart.customers is
'A customer begins without orders; values supplied for derived columns are ignored.';
