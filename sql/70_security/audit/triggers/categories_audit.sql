-- requires: log_audit_trail

create or replace trigger categories_audit
after insert or update or delete on trustcart.categories
for each row
execute function trustcart.log_audit_trail();

comment on trigger categories_audit on trustcart.categories is
'Writes to audit_logs who changed the categories.';
