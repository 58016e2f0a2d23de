-- requires: renew_contact_days

create or replace trigger campaign_messages_contact_days_truncate
after truncate on trustcart.campaign_messages
for each statement
execute function trustcart_private.renew_contact_days();

comment on trigger campaign_messages_contact_days_truncate on trustcart.campaign_messages is 'Keeps contact_days.';
