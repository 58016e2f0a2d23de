-- requires: add_customer_phones

create or replace trigger customers_phone_book_insert
after insert on trustcart.customers
referencing new table as new_rows
for each statement
execute function trustcart_private.add_customer_phones();

comment on trigger customers_phone_book_insert on trustcart.customers is 'Keeps phone_book.';
