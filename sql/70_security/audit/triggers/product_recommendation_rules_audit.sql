-- requires: log_audit_trail

create or replace trigger product_recommendation_rules_audit
after insert or update or delete on trustcart.product_recommendation_rules
for each row
execute function trustcart.log_audit_trail();

comment on trigger product_recommendation_rules_audit on trustcart.product_recommendation_rules is
'Writes to audit_logs who changed what is recommended.';
