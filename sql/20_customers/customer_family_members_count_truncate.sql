-- requires: count_customer_links

create or replace trigger customer_family_members_count_truncate
after truncate on trustcart.customer_family_members
for each statement
execute function trustcart_private.count_customer_links();

comment on trigger customer_family_members_count_truncate on trustcart.customer_family_members is
'Keeps the customers'' count of them.';
