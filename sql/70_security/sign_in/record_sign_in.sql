-- requires: log_sign_in

create or replace function trustcart.record_sign_in(
    p_user_id bigint,
    p_succeeded boolean,
    p_at timestamptz default clock_timestamp(),
    p_password_set_at timestamptz default null,
    p_new_password_hash text default null
)
returns table (is_accepted boolean, locked_until timestamptz)
language plpgsql volatile parallel unsafe
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_settings trustcart.settings;
    v_now trustcart_private.user_credentials;
    v_failures integer;
    v_locked_until timestamptz;
begin
    -- One attempt at a time: those that were checked meanwhile see here what became of this one.
    select c.* into v_now
    from trustcart_private.user_credentials as c
    where c.user_id = p_user_id
    for no key update;
    if v_now.user_id is null or v_now.locked_until > v_at then
        return query select false, v_now.locked_until;
        return;
    end if;

    if p_succeeded is not true then
        select s.* into v_settings from trustcart.settings as s;
        -- A lock that ran out lets one begin anew.
        v_failures := case when v_now.locked_until is null then v_now.failed_attempts else 0 end + 1;
        if v_failures >= v_settings.sign_in_max_failures then
            v_locked_until := v_at + make_interval(mins => v_settings.sign_in_lock_minutes);
        end if;
        update trustcart_private.user_credentials as c
        set failed_attempts = v_failures, last_failed_at = v_at, locked_until = v_locked_until
        where c.user_id = p_user_id;
        perform trustcart_private.log_sign_in(
            p_user_id, case when v_locked_until is null then 'sign_in_failed' else 'sign_in_locked' end
        );
        return query select false, v_locked_until;
        return;
    end if;

    -- The password may have been changed, and the user disabled, after the hash was read.
    if v_now.password_set_at is distinct from p_password_set_at
        or not exists (
            select from trustcart.users as u where u.id = p_user_id and u.is_active and u.role <> 'other'
        ) then
        return query select false, null::timestamptz;
        return;
    end if;
    update trustcart_private.user_credentials as c
    set
        failed_attempts = 0,
        locked_until = null,
        last_sign_in_at = greatest(c.last_sign_in_at, v_at),
        password_hash = coalesce(p_new_password_hash, c.password_hash)
    where c.user_id = p_user_id;
    perform trustcart_private.log_sign_in(p_user_id, 'sign_in');
    return query select true, null::timestamptz;
end;
$$;
comment on function trustcart.record_sign_in(bigint, boolean, timestamptz, timestamptz, text) is
'Says what came of checking a password, and answers whether the user is signed in, and until when locked out. p_at and
p_password_set_at are read_at and password_set_at of sign_in_credentials. The settings.sign_in_max_failures-th wrong
password in a row locks for settings.sign_in_lock_minutes; the next after a lock that ran out counts as the first. A
right one is accepted and ends the count unless a lock holds, the password was changed meanwhile, or the user
disabled; p_new_password_hash then replaces the hash of the same password by a stronger one. Attempts at once are
counted one after the other. Commit it before you answer, and issue no token for what was not accepted. Nothing for
an unknown user. For the gateway alone.';
