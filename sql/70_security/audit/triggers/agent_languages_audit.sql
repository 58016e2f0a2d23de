-- requires: log_audit_trail

create or replace trigger agent_languages_audit
after insert or update or delete on trustcart.agent_languages
for each row
execute function trustcart.log_audit_trail();

comment on trigger agent_languages_audit on trustcart.agent_languages is
'Writes to audit_logs who changed what agents speak.';
