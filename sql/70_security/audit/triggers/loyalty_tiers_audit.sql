-- requires: log_audit_trail

create or replace trigger loyalty_tiers_audit
after insert or update or delete on trustcart.loyalty_tiers
for each row
execute function trustcart.log_audit_trail();

comment on trigger loyalty_tiers_audit on trustcart.loyalty_tiers is
'Writes to audit_logs who changed what the tiers are.';
