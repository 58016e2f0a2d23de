-- requires: cancel_refused_calls

create or replace trigger customer_consents_cancel_calls
after insert on trustcart.customer_consents
referencing new table as new_rows
for each statement
execute function trustcart_private.cancel_refused_calls();

comment on trigger customer_consents_cancel_calls on trustcart.customer_consents is
'Cancels the pending calls of customers who forbid them.';
