-- requires: log_audit_trail

create or replace trigger agent_skills_audit
after insert or update or delete on trustcart.agent_skills
for each row
execute function trustcart.log_audit_trail();

comment on trigger agent_skills_audit on trustcart.agent_skills is
'Writes to audit_logs who changed what agents are trained for.';
