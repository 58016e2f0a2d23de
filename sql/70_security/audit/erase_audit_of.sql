-- requires: audit_actor

create or replace function trustcart_private.erase_audit_of(p_customer_id bigint)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows bigint;
begin
    update trustcart.audit_logs as l
    set
        payload_digest = trustcart_private.audit_payload_digest(l),
        old_values = null,
        new_values = null,
        erased_at = now()
    where
        l.customer_id = p_customer_id
        and l.erased_at is null
        and l.action <> 'erase'
        and (l.old_values is not null or l.new_values is not null);
    get diagnostics v_rows = row_count;
    -- Also when there was nothing: verify_audit_log() finds what it covers by customer and instant.
    insert into trustcart.audit_logs (
        user_id, action, table_name, record_id, customer_id, new_values, acting_role, behalf
    )
    select
        a.user_id,
        'erase',
        'customers',
        p_customer_id,
        p_customer_id,
        jsonb_build_object('rows', v_rows),
        a.acting_role,
        a.behalf
    from trustcart_private.audit_actor() as a;
    return v_rows;
end;
$$;
comment on function trustcart_private.erase_audit_of(bigint) is
'Empties the payloads of a customer''s audit rows, sealed or not; their digests stay, so the chain holds, and a row of
action erase says who did it. What else a row holds is ids and words. Called last in the transaction that erases the
customer, which would log what it changes. Returns the rows emptied.';
