-- requires: seal_bytes, phone_master_fingerprint, phone_wrap_key

create or replace function trustcart_private.wrap_phone_key(p_key_id bigint, p_key bytea, p_master bytea)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart_private.phone_key_wraps (key_id, master, wrapped)
    values (
        p_key_id,
        trustcart_private.phone_master_fingerprint(p_master),
        (
            trustcart_private.seal_bytes(
                array[p_key], array['phone key ' || p_key_id], trustcart_private.phone_wrap_key(p_master)
            )
        )[1]
    )
    on conflict (key_id, master) do nothing;
end;
$$;
comment on function trustcart_private.wrap_phone_key(bigint, bytea, bytea) is
'Writes a key of phone_keys down, encrypted under a master key.';
