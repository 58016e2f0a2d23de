-- requires: derive_customer_behavior

-- Rows that the orders' own trigger inserts come with their figures; the check of each would cost more than the rest.
create or replace trigger customer_behavior_derive
before insert on trustcart.customer_behavior
for each row
when (pg_trigger_depth() = 0)
execute function trustcart_private.derive_customer_behavior();

comment on trigger customer_behavior_derive on trustcart.customer_behavior is
'Figures are derived; values supplied for them are ignored.';
