-- requires: need_phone_key, open_bytes, seal_bytes

create or replace function trustcart_private.rotate_phones(p_limit integer)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_new_id bigint := (select e.data_key_id from trustcart_private.phone_encryption as e);
    v_old_id bigint;
    v_tokens text[];
    v_ciphers bytea[];
    v_done bigint := 0;
begin
    for v_old_id in
        select k.id
        from trustcart_private.phone_keys as k
        where k.purpose = 'data' and k.id <> v_new_id
        order by k.id
    loop
        select
            array_agg(o.token order by o.token),
            array_agg(o.cipher order by o.token)
        into v_tokens, v_ciphers
        from (
            select
                v.token,
                v.cipher
            from trustcart_private.phone_vault as v
            where v.key_id = v_old_id
            order by v.token
            limit p_limit - v_done
            for no key update
        ) as o;
        continue when v_tokens is null;
        update trustcart_private.phone_vault as v
        set cipher = n.cipher, key_id = v_new_id
        from unnest(
            v_tokens,
            trustcart_private.seal_bytes(
                trustcart_private.open_bytes(v_ciphers, v_tokens, trustcart_private.need_phone_key(v_old_id)),
                v_tokens,
                trustcart_private.need_phone_key(v_new_id)
            )
        ) as n (token, cipher)
        where v.token = n.token;
        v_done := v_done + cardinality(v_tokens);
        exit when v_done >= p_limit;
    end loop;
    return v_done;
end;
$$;
comment on function trustcart_private.rotate_phones(integer) is
'Encrypts the next numbers of the vault, p_limit at most, under the present data key; their tokens stay. Returns how
many; 0: all are. TC501 for a wrong key, TC502 without one, TC505 when the vault was tampered with.';
