-- requires: log_audit_trail

create or replace trigger call_outcomes_audit_truncate
after truncate on trustcart.call_outcomes
for each statement
execute function trustcart.log_audit_trail();

comment on trigger call_outcomes_audit_truncate on trustcart.call_outcomes is
'Writes to audit_logs that the table was emptied.';
