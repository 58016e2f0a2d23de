-- requires: add_family_phones

create or replace trigger customer_family_members_phone_book_insert
after insert on trustcart.customer_family_members
referencing new table as new_rows
for each statement
execute function trustcart_private.add_family_phones();

comment on trigger customer_family_members_phone_book_insert on trustcart.customer_family_members is
'Keeps phone_book.';
