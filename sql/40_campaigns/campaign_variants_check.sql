-- requires: check_campaign_variant

create or replace trigger campaign_variants_check
before insert or update on trustcart.campaign_variants
for each row
execute function trustcart_private.check_campaign_variant();

comment on trigger campaign_variants_check on trustcart.campaign_variants is 'Checks the templates.';
