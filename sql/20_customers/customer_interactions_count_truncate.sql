-- requires: count_customer_links

create or replace trigger customer_interactions_count_truncate
after truncate on trustcart.customer_interactions
for each statement
execute function trustcart_private.count_customer_links();

comment on trigger customer_interactions_count_truncate on trustcart.customer_interactions is
'Keeps the customers'' count of them.';
