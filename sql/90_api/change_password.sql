-- requires: current_user_id, set_user_password_hash

create or replace function trustcart_api.change_password(p_password_hash text, p_signed_in_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart.current_user_id();
    v_now trustcart_private.user_credentials;
begin
    if not exists (select from trustcart.users as u where u.id = v_user_id and u.is_active) then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'Sign in again.';
    end if;
    select c.* into v_now
    from trustcart_private.user_credentials as c
    where c.user_id = v_user_id
    for no key update;
    -- That the present password was given is known by the sign-in that it was checked with: of this very moment, and
    -- known to nobody but the gateway that asked for it.
    if (v_now.last_sign_in_at = p_signed_in_at and p_signed_in_at > clock_timestamp() - interval '1 minute')
        is not true then
        raise exception using
            errcode = 'TC403',
            message = 'the present password was not checked',
            hint = 'Sign in with it first, and give the instant of that.';
    end if;
    perform trustcart.set_user_password_hash(v_user_id, p_password_hash);
    return (
        select jsonb_build_object('tokens_valid_from', c.tokens_valid_from)
        from trustcart_private.user_credentials as c
        where c.user_id = v_user_id
    );
end;
$$;
comment on function trustcart_api.change_password(text, timestamptz) is
'Sets the password of who is asking, by its argon2id hash, after signing in with the present one: p_signed_in_at is
read_at of that sign-in (sign_in_credentials), at most a minute ago. So a wrong present password counts as any other.
Ends all sessions; {"tokens_valid_from"}: the instant from which a new token holds. TC003 missing hash, TC005 not such a
hash, TC402 when nobody is signed in, TC403 without that sign-in.';
