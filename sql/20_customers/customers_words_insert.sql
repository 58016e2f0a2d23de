-- requires: add_customer_words

create or replace trigger customers_words_insert
after insert on trustcart.customers
referencing new table as new_rows
for each statement
execute function trustcart_private.add_customer_words();

comment on trigger customers_words_insert on trustcart.customers is 'Keeps customer_words.';
