create or replace function trustcart_private.hmac_sha256(p_key bytea, p_message bytea)
returns bytea
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Keys longer than a block are hashed, shorter ones filled up with zeros.
    v_key bytea := case when length(p_key) > 64 then sha256(p_key) else p_key end;
    v_inner bytea := decode(repeat('36', 64), 'hex');
    v_outer bytea := decode(repeat('5c', 64), 'hex');
begin
    for i in 0..length(v_key) - 1 loop
        v_inner := set_byte(v_inner, i, get_byte(v_key, i) # 54);
        v_outer := set_byte(v_outer, i, get_byte(v_key, i) # 92);
    end loop;
    return sha256(v_outer || sha256(v_inner || p_message));
end;
$$;
comment on function trustcart_private.hmac_sha256(bytea, bytea) is
'HMAC-SHA-256 of a message (RFC 2104) with the sha256() of Postgres: pgcrypto is not everywhere. Null of a null.';
