-- requires: set_updated_at

create or replace trigger product_recommendation_rules_updated_at
before update on trustcart.product_recommendation_rules
for each row
execute function trustcart_private.set_updated_at();

comment on trigger product_recommendation_rules_updated_at on trustcart.product_recommendation_rules is
'Keeps updated_at.';
