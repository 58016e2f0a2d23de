-- requires: derive_customer_behavior

create or replace trigger customer_behavior_derive
before insert on trustcart.customer_behavior
for each row
execute function trustcart_private.derive_customer_behavior();

comment on trigger customer_behavior_derive on trustcart.customer_behavior is
'Figures are derived; values supplied for them are ignored.';
