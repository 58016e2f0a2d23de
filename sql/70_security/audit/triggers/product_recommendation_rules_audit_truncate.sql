-- requires: log_audit_trail

create or replace trigger product_recommendation_rules_audit_truncate
after truncate on trustcart.product_recommendation_rules
for each statement
execute function trustcart.log_audit_trail();

comment on trigger product_recommendation_rules_audit_truncate on trustcart.product_recommendation_rules is
'Writes to audit_logs that the table was emptied.';
