-- requires: log_audit_trail

create or replace trigger shop_holidays_audit_truncate
after truncate on trustcart.shop_holidays
for each statement
execute function trustcart.log_audit_trail();

comment on trigger shop_holidays_audit_truncate on trustcart.shop_holidays is
'Writes to audit_logs that the table was emptied.';
