-- requires: log_audit_trail

-- Not of the bucket of tokens, which every delivery draws from.
create or replace trigger delivery_channels_audit
after insert or delete or update of
channel, is_enabled, per_second, burst, max_attempts, retry_after
on trustcart.delivery_channels
for each row
execute function trustcart.log_audit_trail();

comment on trigger delivery_channels_audit on trustcart.delivery_channels is
'Writes to audit_logs who changed how messages go out.';
