-- requires: refuse_gone_customers

create or replace trigger campaign_messages_refuse_gone
after insert on trustcart.campaign_messages
referencing new table as new_rows
for each statement
execute function trustcart_private.refuse_gone_customers();

comment on trigger campaign_messages_refuse_gone on trustcart.campaign_messages is
'Nothing new about customers who were erased or merged into another: TC111.';
