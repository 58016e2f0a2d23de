-- requires: log_audit_trail

create or replace trigger campaign_variants_audit_truncate
after truncate on trustcart.campaign_variants
for each statement
execute function trustcart.log_audit_trail();

comment on trigger campaign_variants_audit_truncate on trustcart.campaign_variants is
'Writes to audit_logs that the table was emptied.';
