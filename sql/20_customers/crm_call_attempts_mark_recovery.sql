-- requires: mark_recovery_attempts

create or replace trigger crm_call_attempts_mark_recovery
after insert on trustcart.crm_call_attempts
referencing new table as new_rows
for each statement
execute function trustcart_private.mark_recovery_attempts();

comment on trigger crm_call_attempts_mark_recovery on trustcart.crm_call_attempts is
'Attempts to call mark the dropoff episode that they fall into.';
