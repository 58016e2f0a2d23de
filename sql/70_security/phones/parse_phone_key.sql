create or replace function trustcart_private.parse_phone_key(p_key text)
returns bytea
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := btrim(p_key, E' \t\r\n');
begin
    if v_key ~ '^[0-9A-Fa-f]{64}$' then
        return decode(v_key, 'hex');
    elsif v_key ~ '^[A-Za-z0-9+/]{43}=$' then
        return decode(v_key, 'base64');
    end if;
    -- Not what was given: a key with a slip in it is nearly a key.
    raise exception using
        errcode = 'TC005',
        message = 'this is not a phone key',
        hint = 'A key is 32 random bytes, as 64 hexadecimal digits or in base64: openssl rand -hex 32';
end;
$$;
comment on function trustcart_private.parse_phone_key(text) is
'A master key as written, 64 hexadecimal digits or 44 characters of base64, as its 32 bytes. TC005, without quoting it,
when it is neither.';
