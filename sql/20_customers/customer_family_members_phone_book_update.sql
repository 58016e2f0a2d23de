-- requires: sync_family_phones

create or replace trigger customer_family_members_phone_book_update
after update of customer_id, phone on trustcart.customer_family_members
for each row
when (old.customer_id <> new.customer_id or old.phone_e164 is distinct from new.phone_e164)
execute function trustcart_private.sync_family_phones();

comment on trigger customer_family_members_phone_book_update on trustcart.customer_family_members is
'Keeps phone_book.';
