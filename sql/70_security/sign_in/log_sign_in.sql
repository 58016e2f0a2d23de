-- requires: audit_actor

create or replace function trustcart_private.log_sign_in(p_user_id bigint, p_action text)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.audit_logs (user_id, action, table_name, record_id, acting_role, behalf)
    select
        -- Who signs in is nobody yet to the database, but has just shown who it is.
        case when p_action = 'sign_in' then p_user_id else a.user_id end,
        p_action,
        'users',
        p_user_id,
        a.acting_role,
        a.behalf
    from trustcart_private.audit_actor() as a;
end;
$$;
comment on function trustcart_private.log_sign_in(bigint, text) is
'Writes to audit_logs what became of how a user signs in: sign_in, sign_in_failed, sign_in_locked, password_set, unlock
or sign_out, and who did it. Nothing of the credentials themselves.';
