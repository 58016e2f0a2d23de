-- requires: refuse_gone_customers

create or replace trigger customer_phone_flags_refuse_gone
after insert on trustcart.customer_phone_flags
referencing new table as new_rows
for each statement
execute function trustcart_private.refuse_gone_customers();

comment on trigger customer_phone_flags_refuse_gone on trustcart.customer_phone_flags is
'Nothing new about customers who were erased or merged into another: TC111.';
