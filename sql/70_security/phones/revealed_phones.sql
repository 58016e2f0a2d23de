-- requires: need_phone_key, open_bytes

create or replace function trustcart_private.revealed_phones(p_tokens text[])
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- By its key, also where the plan was made while the vault was all but empty.
set enable_seqscan = off
as $$
declare
    v_key_id bigint;
    v_tokens text[];
    v_ciphers bytea[];
    v_phones jsonb := jsonb_build_object();
begin
    for v_key_id, v_tokens, v_ciphers in
        select
            v.key_id,
            array_agg(v.token),
            array_agg(v.cipher)
        from trustcart_private.phone_vault as v
        where v.token = any(p_tokens)
        group by v.key_id
    loop
        v_phones := v_phones || (
            select jsonb_object_agg(o.token, convert_from(o.phone, 'UTF8'))
            from unnest(
                v_tokens,
                trustcart_private.open_bytes(v_ciphers, v_tokens, trustcart_private.need_phone_key(v_key_id))
            ) as o (token, phone)
        );
    end loop;
    return v_phones;
end;
$$;
comment on function trustcart_private.revealed_phones(text[]) is
'The numbers behind tokens, {token: number}; without those that the vault does not know. TC501 for a wrong key, TC502
without one, TC505 when the vault was tampered with.';
