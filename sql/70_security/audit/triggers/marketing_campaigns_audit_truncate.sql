-- requires: log_audit_trail

create or replace trigger marketing_campaigns_audit_truncate
after truncate on trustcart.marketing_campaigns
for each statement
execute function trustcart.log_audit_trail();

comment on trigger marketing_campaigns_audit_truncate on trustcart.marketing_campaigns is
'Writes to audit_logs that the table was emptied.';
