-- requires: derive_campaign

create or replace trigger marketing_campaigns_derive
before insert or update on trustcart.marketing_campaigns
for each row
execute function trustcart_private.derive_campaign();

comment on trigger marketing_campaigns_derive on trustcart.marketing_campaigns is
'Checks what was entered, keeps what is derived.';
