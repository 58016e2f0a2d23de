-- requires: log_audit_trail

create or replace trigger agent_leave_audit_truncate
after truncate on trustcart.agent_leave
for each statement
execute function trustcart.log_audit_trail();

comment on trigger agent_leave_audit_truncate on trustcart.agent_leave is
'Writes to audit_logs that the table was emptied.';
