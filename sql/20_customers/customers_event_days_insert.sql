-- requires: add_customer_event_days

create or replace trigger customers_event_days_insert
after insert on trustcart.customers
referencing new table as new_rows
for each statement
execute function trustcart_private.add_customer_event_days();

comment on trigger customers_event_days_insert on trustcart.customers is 'Keeps customer_event_days.';
