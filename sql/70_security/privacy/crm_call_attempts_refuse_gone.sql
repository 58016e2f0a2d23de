-- requires: refuse_gone_customers

create or replace trigger crm_call_attempts_refuse_gone
after insert on trustcart.crm_call_attempts
referencing new table as new_rows
for each statement
execute function trustcart_private.refuse_gone_customers();

comment on trigger crm_call_attempts_refuse_gone on trustcart.crm_call_attempts is
'Nothing new about customers who were erased or merged into another: TC111.';
