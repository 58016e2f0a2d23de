-- requires: wrap_phone_key, pgcrypto_schema

create or replace function trustcart_private.new_phone_key(p_purpose text, p_master bytea)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key bytea;
    v_inner bytea := decode(repeat('36', 64), 'hex');
    v_outer bytea := decode(repeat('5c', 64), 'hex');
    v_key_id bigint;
begin
    execute format('select %I.gen_random_bytes(64)', trustcart_private.pgcrypto_schema()) into v_key;
    if p_purpose = 'search' then
        -- Kept as HMAC uses it (RFC 2104), both pads: a token is then two calls of sha256() and no loop.
        for i in 0..63 loop
            v_inner := set_byte(v_inner, i, get_byte(v_key, i) # 54);
            v_outer := set_byte(v_outer, i, get_byte(v_key, i) # 92);
        end loop;
        v_key := v_inner || v_outer;
    end if;
    insert into trustcart_private.phone_keys (purpose, check_value)
    values (p_purpose, sha256(v_key))
    returning id into v_key_id;
    perform trustcart_private.wrap_phone_key(v_key_id, v_key, p_master);
    return v_key_id;
end;
$$;
comment on function trustcart_private.new_phone_key(text, bytea) is
'Makes a random key for a purpose (search, data), wrapped under a master key. TC503 without pgcrypto.';
