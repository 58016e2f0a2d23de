-- requires: require_user, log_sign_in

create or replace function trustcart.set_user_password_hash(p_user_id bigint, p_password_hash text)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart_private.require_user(p_user_id);
    v_hash trustcart_private.password_hash;
begin
    if p_password_hash is null then
        raise exception using
            errcode = 'TC003',
            message = 'password_hash is required',
            hint = 'trustcart-db user set-password asks for the password and hashes it.';
    end if;
    begin
        v_hash := p_password_hash;
    exception when check_violation then
        -- Whatever it is, it may be a password, so no message repeats it.
        raise exception using
            errcode = 'TC005',
            message = 'password_hash is not a hash by argon2id',
            hint = 'Passwords are hashed outside, by trustcart-db user set-password: the database never sees one.';
    end;
    -- The clock, not the transaction's beginning: what was issued while this one waited is older, too.
    insert into trustcart_private.user_credentials as c (user_id, password_hash, password_set_at, tokens_valid_from)
    values (v_user_id, v_hash, clock_timestamp(), clock_timestamp())
    on conflict (user_id) do update
        set
            password_hash = excluded.password_hash,
            password_set_at = greatest(c.password_set_at + interval '1 microsecond', clock_timestamp()),
            failed_attempts = 0,
            locked_until = null,
            tokens_valid_from = greatest(c.tokens_valid_from, clock_timestamp());
    perform trustcart_private.log_sign_in(v_user_id, 'password_set');
end;
$$;
comment on function trustcart.set_user_password_hash(bigint, text) is
'Sets the password of a user, by its argon2id hash. Lifts a lock, and ends all sessions: tokens issued before are
refused. For admins. TC003 missing, TC004 no such user, TC005 not such a hash.';
