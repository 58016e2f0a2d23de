-- requires: keep_contact_days_of_attempts

create or replace trigger crm_call_attempts_contact_days_update
after update on trustcart.crm_call_attempts
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.keep_contact_days_of_attempts();

comment on trigger crm_call_attempts_contact_days_update on trustcart.crm_call_attempts is 'Keeps contact_days.';
