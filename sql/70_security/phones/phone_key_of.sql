-- requires: may_use_phone_key, open_bytes, parse_phone_key, phone_master_fingerprint, phone_wrap_key

create or replace function trustcart_private.phone_key_of(p_key_id bigint)
returns bytea
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_master bytea;
    v_key bytea;
    v_opened text;
begin
    if coalesce(current_setting('trustcart.phone_key', true), '') = '' or not trustcart_private.may_use_phone_key() then
        return null;
    end if;
    -- Opened by set_phone_key() already, unless it was made since, or somebody set the setting by hand.
    v_opened := substring(
        current_setting('trustcart.phone_opened', true) from '\m' || p_key_id || '=((?:[0-9a-f][0-9a-f])+)'
    );
    if v_opened is not null then
        v_key := decode(v_opened, 'hex');
    else
        v_master := trustcart_private.parse_phone_key(current_setting('trustcart.phone_key', true));
        select
            (
                trustcart_private.open_bytes(
                    array[w.wrapped], array['phone key ' || w.key_id], trustcart_private.phone_wrap_key(v_master)
                )
            )[1]
        into v_key
        from trustcart_private.phone_key_wraps as w
        where w.key_id = p_key_id and w.master = trustcart_private.phone_master_fingerprint(v_master);
    end if;
    if not exists (
        select from trustcart_private.phone_keys as k where k.id = p_key_id and k.check_value = sha256(v_key)
    ) then
        raise exception using
            errcode = 'TC501',
            message = 'the phone key is not the one that the phone numbers are encrypted with',
            hint = 'Give the key that `trustcart-db encryption on`, or the last `encryption rotate`, was run with.';
    end if;
    return v_key;
end;
$$;
comment on function trustcart_private.phone_key_of(bigint) is
'A key of phone_keys, opened with the master key of the session; null when that has none, or its login role may not give
one. TC005 when that is no key, TC501 when it is another one.';
