-- requires: log_audit_trail

create or replace trigger shop_holidays_audit
after insert or update or delete on trustcart.shop_holidays
for each row
execute function trustcart.log_audit_trail();

comment on trigger shop_holidays_audit on trustcart.shop_holidays is
'Writes to audit_logs who changed when the shop is closed.';
