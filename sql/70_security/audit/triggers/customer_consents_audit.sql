-- requires: log_audit_trail

create or replace trigger customer_consents_audit
after insert on trustcart.customer_consents
for each row
execute function trustcart.log_audit_trail();

comment on trigger customer_consents_audit on trustcart.customer_consents is
'Writes to audit_logs who recorded what a customer allowed or forbade; nothing else is possible there.';
