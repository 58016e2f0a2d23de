-- requires: cancel_refused_messages

create or replace trigger customer_consents_cancel_messages
after insert on trustcart.customer_consents
referencing new table as new_rows
for each statement
execute function trustcart_private.cancel_refused_messages();

comment on trigger customer_consents_cancel_messages on trustcart.customer_consents is
'Cancels the queued messages of customers who forbid their channel.';
