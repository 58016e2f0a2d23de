-- requires: phone_key_of, may_use_phone_key

create or replace function trustcart_private.need_phone_key(p_key_id bigint)
returns bytea
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key bytea := trustcart_private.phone_key_of(p_key_id);
begin
    if v_key is null then
        raise exception using
            errcode = 'TC502',
            message = 'phone numbers are encrypted, and this takes their key',
            hint = case
                when trustcart_private.may_use_phone_key()
                    then 'Call trustcart.set_phone_key() first, in this transaction; '
                    || 'trustcart-db takes the key from TRUSTCART_PHONE_KEY.'
                else format(
                    'Only a gateway may give the key; a DBA makes the login role one: grant trustcart_gateway to %I;',
                    session_user
                )
            end;
    end if;
    return v_key;
end;
$$;
comment on function trustcart_private.need_phone_key(bigint) is
'A key of phone_keys, opened. TC501 when the session''s master key is another, TC502 when it has none.';
