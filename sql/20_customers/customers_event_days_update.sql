-- requires: sync_customer_event_days

-- By row and column: a statement's transition table would be filled by every order's update of its customer.
create or replace trigger customers_event_days_update
after update of date_of_birth, anniversary_date on trustcart.customers
for each row
when (
    old.date_of_birth is distinct from new.date_of_birth or old.anniversary_date is distinct from new.anniversary_date
)
execute function trustcart_private.sync_customer_event_days();

comment on trigger customers_event_days_update on trustcart.customers is 'Keeps customer_event_days.';
