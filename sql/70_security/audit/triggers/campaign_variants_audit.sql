-- requires: log_audit_trail

create or replace trigger campaign_variants_audit
after insert or update or delete on trustcart.campaign_variants
for each row
execute function trustcart.log_audit_trail();

comment on trigger campaign_variants_audit on trustcart.campaign_variants is
'Writes to audit_logs who changed what campaigns say.';
