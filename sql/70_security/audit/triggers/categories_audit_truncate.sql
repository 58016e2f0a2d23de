-- requires: log_audit_trail

create or replace trigger categories_audit_truncate
after truncate on trustcart.categories
for each statement
execute function trustcart.log_audit_trail();

comment on trigger categories_audit_truncate on trustcart.categories is
'Writes to audit_logs that the table was emptied.';
