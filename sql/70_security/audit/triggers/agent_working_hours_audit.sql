-- requires: log_audit_trail

create or replace trigger agent_working_hours_audit
after insert or update or delete on trustcart.agent_working_hours
for each row
execute function trustcart.log_audit_trail();

comment on trigger agent_working_hours_audit on trustcart.agent_working_hours is
'Writes to audit_logs who changed when agents work.';
