-- requires: log_audit_trail

create or replace trigger template_variables_audit_truncate
after truncate on trustcart.template_variables
for each statement
execute function trustcart.log_audit_trail();

comment on trigger template_variables_audit_truncate on trustcart.template_variables is
'Writes to audit_logs that the table was emptied.';
