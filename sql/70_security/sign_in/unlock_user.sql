-- requires: require_user, log_sign_in

create or replace function trustcart.unlock_user(p_user_id bigint)
returns boolean
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart_private.require_user(p_user_id);
begin
    update trustcart_private.user_credentials as c
    set failed_attempts = 0, locked_until = null
    where c.user_id = v_user_id and c.failed_attempts > 0;
    if found then
        perform trustcart_private.log_sign_in(v_user_id, 'unlock');
        return true;
    end if;
    return false;
end;
$$;
comment on function trustcart.unlock_user(bigint) is
'Forgets the wrong passwords of a user and lifts the lock that followed; returns whether there were any. For admins.
TC003 no user, TC004 no such user.';
