-- requires: log_audit_trail

create or replace trigger agent_working_hours_audit_truncate
after truncate on trustcart.agent_working_hours
for each statement
execute function trustcart.log_audit_trail();

comment on trigger agent_working_hours_audit_truncate on trustcart.agent_working_hours is
'Writes to audit_logs that the table was emptied.';
