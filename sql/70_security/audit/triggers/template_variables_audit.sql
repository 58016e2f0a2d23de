-- requires: log_audit_trail

create or replace trigger template_variables_audit
after insert or update or delete on trustcart.template_variables
for each row
execute function trustcart.log_audit_trail();

comment on trigger template_variables_audit on trustcart.template_variables is
'Writes to audit_logs who changed what messages may name.';
