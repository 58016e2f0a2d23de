-- requires: sync_family_phones

create or replace trigger customer_family_members_phone_book_truncate
after truncate on trustcart.customer_family_members
for each statement
execute function trustcart_private.sync_family_phones();

comment on trigger customer_family_members_phone_book_truncate on trustcart.customer_family_members is
'Keeps phone_book.';
