-- requires: log_audit_trail

create or replace trigger delivery_channels_audit_truncate
after truncate on trustcart.delivery_channels
for each statement
execute function trustcart.log_audit_trail();

comment on trigger delivery_channels_audit_truncate on trustcart.delivery_channels is
'Writes to audit_logs that the table was emptied.';
