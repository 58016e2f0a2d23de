-- requires: sync_customer_phones

-- By row and column, as customers_event_days_update is. The columns are those that customers_derive_update writes after
-- phone or mobile were changed; an order's update of its customer names neither.
create or replace trigger customers_phone_book_update
after update of phone_e164, mobile_e164 on trustcart.customers
for each row
when (old.phone_e164 is distinct from new.phone_e164 or old.mobile_e164 is distinct from new.mobile_e164)
execute function trustcart_private.sync_customer_phones();

comment on trigger customers_phone_book_update on trustcart.customers is 'Keeps phone_book.';
