-- requires: log_audit_trail

create or replace trigger agent_leave_audit
after insert or update or delete on trustcart.agent_leave
for each row
execute function trustcart.log_audit_trail();

comment on trigger agent_leave_audit on trustcart.agent_leave is
'Writes to audit_logs who changed when agents are away.';
