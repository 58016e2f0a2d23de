-- requires: count_customer_links

create or replace trigger customer_family_members_count_delete
after delete on trustcart.customer_family_members
referencing old table as old_rows
for each statement
execute function trustcart_private.count_customer_links();

comment on trigger customer_family_members_count_delete on trustcart.customer_family_members is
'Keeps the customers'' count of them.';
