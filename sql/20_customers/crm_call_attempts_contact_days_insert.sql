-- requires: keep_contact_days_of_attempts

-- Its name sorts before crm_call_attempts_mark_recovery: the customers are locked before their episodes, as by orders.
create or replace trigger crm_call_attempts_contact_days_insert
after insert on trustcart.crm_call_attempts
referencing new table as new_rows
for each statement
execute function trustcart_private.keep_contact_days_of_attempts();

comment on trigger crm_call_attempts_contact_days_insert on trustcart.crm_call_attempts is 'Keeps contact_days.';
