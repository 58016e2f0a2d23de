-- requires: renew_contact_days

create or replace trigger crm_call_attempts_contact_days_truncate
after truncate on trustcart.crm_call_attempts
for each statement
execute function trustcart_private.renew_contact_days();

comment on trigger crm_call_attempts_contact_days_truncate on trustcart.crm_call_attempts is 'Keeps contact_days.';
