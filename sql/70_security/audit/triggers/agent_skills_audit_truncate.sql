-- requires: log_audit_trail

create or replace trigger agent_skills_audit_truncate
after truncate on trustcart.agent_skills
for each statement
execute function trustcart.log_audit_trail();

comment on trigger agent_skills_audit_truncate on trustcart.agent_skills is
'Writes to audit_logs that the table was emptied.';
