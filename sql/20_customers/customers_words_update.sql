-- requires: sync_customer_words

-- By row and column, as customers_event_days_update is: an order's update of its customer names none of these columns.
create or replace trigger customers_words_update
after update of first_name, last_name, email on trustcart.customers
for each row
when (
    old.first_name is distinct from new.first_name
    or old.last_name is distinct from new.last_name
    or old.email is distinct from new.email
)
execute function trustcart_private.sync_customer_words();

comment on trigger customers_words_update on trustcart.customers is 'Keeps customer_words.';
