-- requires: keep_message_figures

create or replace trigger campaign_messages_figures_insert
after insert on trustcart.campaign_messages
referencing new table as new_rows
for each statement
execute function trustcart_private.keep_message_figures();

comment on trigger campaign_messages_figures_insert on trustcart.campaign_messages is
'Keeps the campaigns'' counters, contact_days, engagements, dropoff episodes and attributions.';
