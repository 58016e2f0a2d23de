-- requires: log_audit_trail

create or replace trigger call_outcomes_audit
after insert or update or delete on trustcart.call_outcomes
for each row
execute function trustcart.log_audit_trail();

comment on trigger call_outcomes_audit on trustcart.call_outcomes is
'Writes to audit_logs who changed what outcomes lead to.';
