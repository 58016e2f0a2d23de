delete from trustcart.job_runs
where job_name in ('ensure_audit_partitions', 'seal_audit_log', 'drop_old_audit_logs');
delete from trustcart.job_schedules
where job_name in ('ensure_audit_partitions', 'seal_audit_log', 'drop_old_audit_logs');
drop table if exists trustcart.audit_checkpoints;
drop function if exists trustcart_private.keep_audit_checkpoint();
drop table if exists trustcart.audit_seals;
drop function if exists trustcart_private.keep_audit_seals();
drop aggregate if exists trustcart_private.chain_hash(bytea);
drop function if exists trustcart_private.next_chain_hash(bytea, bytea);
drop function if exists trustcart_private.audit_link(bigint, xid8, bytea);
-- The functions take rows of the table and the table's triggers call one of them: the triggers go first.
drop trigger if exists audit_logs_append_only on trustcart.audit_logs;
do $$
begin
    if to_regclass('trustcart.audit_logs') is not null then
        drop function if exists trustcart_private.audit_row_digest(trustcart.audit_logs);
        drop function if exists trustcart_private.audit_payload_digest(trustcart.audit_logs);
    end if;
end;
$$;
drop table if exists trustcart.audit_logs;
drop function if exists trustcart_private.keep_audit_log();
drop function if exists trustcart_private.refuse_audit_change();
alter table if exists trustcart.settings drop column if exists audit_keep_months;
