-- requires: emit_consents

create or replace trigger customer_consents_emit
after insert on trustcart.customer_consents
referencing new table as new_rows
for each statement
execute function trustcart_private.emit_consents();

comment on trigger customer_consents_emit on trustcart.customer_consents is
'Tells the event feed what was allowed and forbidden.';
