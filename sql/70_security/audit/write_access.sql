-- requires: audit_actor

create or replace function trustcart_private.write_access(p_action text, p_customer_ids bigint[], p_details jsonb)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_actor record;
    v_is_read_only boolean;
begin
    select a.* into v_actor from trustcart_private.audit_actor() as a;
    -- A caller who rolls back takes the row along, not the line in the server's log: so what could be asked at random, or
    -- carried away, leaves one as well. On a replica, or in a read-only transaction, it is all that is left.
    v_is_read_only := current_setting('transaction_read_only') = 'on';
    if v_is_read_only or p_action in ('find_caller', 'export') then
        raise log 'trustcart: % of customers % by user % (%)%',
            p_action,
            p_customer_ids,
            coalesce(v_actor.user_id::text, session_user),
            v_actor.acting_role,
            case when v_is_read_only then ' is not in audit_logs: the transaction is read-only' else '' end;
    end if;
    if v_is_read_only then
        return;
    end if;
    insert into trustcart.audit_logs (
        user_id, action, table_name, record_id, customer_id, new_values, acting_role, behalf
    )
    select
        v_actor.user_id,
        p_action,
        'customers',
        i.customer_id,
        i.customer_id,
        p_details,
        v_actor.acting_role,
        v_actor.behalf
    from unnest(p_customer_ids) as i (customer_id);
end;
$$;
comment on function trustcart_private.write_access(text, bigint[], jsonb) is
'Writes to audit_logs that somebody looked at these customers (null: at nobody that was found). find_caller and export
it says in the server''s log, LOG, too, which no rollback undoes: the user, else the login role, and the ids of the
customers. Where nothing can be written the log has everything, and the reading goes on.';
