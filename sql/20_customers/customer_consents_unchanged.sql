-- requires: refuse_consent_change

-- By row, for what an erasure and a merge may do shows in the row.
create or replace trigger customer_consents_unchanged
before update on trustcart.customer_consents
for each row
execute function trustcart_private.refuse_consent_change();

comment on trigger customer_consents_unchanged on trustcart.customer_consents is
'Consents are added to, never changed: TC107.';
