-- requires: mark_recovery_attempts

create or replace trigger customer_interactions_mark_recovery
after insert on trustcart.customer_interactions
referencing new table as new_rows
for each statement
execute function trustcart_private.mark_recovery_attempts();

comment on trigger customer_interactions_mark_recovery on trustcart.customer_interactions is
'Outbound contacts mark the dropoff episode that they fall into.';
