-- requires: derive_family_member

create or replace trigger customer_family_members_derive
before insert or update on trustcart.customer_family_members
for each row
execute function trustcart_private.derive_family_member();

comment on trigger customer_family_members_derive on trustcart.customer_family_members is 'Keeps phone_e164.';
