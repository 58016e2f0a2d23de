-- requires: refuse_consent_change

create or replace trigger customer_consents_append_only
before delete or truncate on trustcart.customer_consents
for each statement
execute function trustcart_private.refuse_consent_change();

comment on trigger customer_consents_append_only on trustcart.customer_consents is
'Consents are added to, never removed: TC107.';
