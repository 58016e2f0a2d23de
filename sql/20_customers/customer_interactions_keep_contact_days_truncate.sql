-- requires: renew_contact_days

-- Behind customer_interactions_count_truncate by its name: the customers are locked before their days.
create or replace trigger customer_interactions_keep_contact_days_truncate
after truncate on trustcart.customer_interactions
for each statement
execute function trustcart_private.renew_contact_days();

comment on trigger customer_interactions_keep_contact_days_truncate on trustcart.customer_interactions is
'Keeps contact_days.';
