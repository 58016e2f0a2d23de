-- requires: log_audit_trail

create or replace trigger loyalty_tiers_audit_truncate
after truncate on trustcart.loyalty_tiers
for each statement
execute function trustcart.log_audit_trail();

comment on trigger loyalty_tiers_audit_truncate on trustcart.loyalty_tiers is
'Writes to audit_logs that the table was emptied.';
