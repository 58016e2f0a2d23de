-- requires: phone_search_key, need_phone_key, phone_token, is_phone_token, seal_bytes, mask_address, normalize_phone

create or replace function trustcart_private.conceal_phones(p_texts text[])
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- By its key, also where the plan was made while the vault was all but empty.
set enable_seqscan = off
as $$
declare
    v_search_key bytea;
    v_key_id bigint := (select e.data_key_id from trustcart_private.phone_encryption as e);
    v_texts text[];
    v_tokens text[];
    v_e164_tokens text[];
    v_held bigint;
    v_new text[];
    v_new_tokens text[];
    v_new_e164_tokens text[];
begin
    if not exists (
        select from unnest(p_texts) as u (phone)
        where btrim(u.phone) <> '' and not trustcart_private.is_phone_token(u.phone)
    ) then
        return jsonb_build_object();
    end if;
    v_search_key := trustcart_private.phone_search_key();
    -- Each text, and the number that it is: that one's token is what the rules compare.
    select
        array_agg(t.phone),
        array_agg(trustcart_private.phone_token(t.phone, v_search_key)),
        array_agg(
            case when t.e164 is not null then trustcart_private.phone_token(t.e164, v_search_key) end
        )
    into v_texts, v_tokens, v_e164_tokens
    from (
        select
            u.phone,
            trustcart.normalize_phone(u.phone) as e164
        from unnest(p_texts) as u (phone)
        where btrim(u.phone) <> '' and not trustcart_private.is_phone_token(u.phone)
        union
        select
            n.e164,
            n.e164
        from unnest(p_texts) as u (phone)
        cross join lateral (select trustcart.normalize_phone(u.phone) as e164) as n
        where n.e164 is not null
    ) as t;
    loop
        -- Held against forget_phones(); what is not there yet is written, and held in the next round.
        perform
        from trustcart_private.phone_vault as v
        where v.token = any(v_tokens)
        order by v.token
        for key share;
        get diagnostics v_held = row_count;
        exit when v_held = cardinality(v_tokens);
        select
            array_agg(n.phone order by n.token),
            array_agg(n.token order by n.token),
            array_agg(n.e164_token order by n.token)
        into v_new, v_new_tokens, v_new_e164_tokens
        from unnest(v_texts, v_tokens, v_e164_tokens) as n (phone, token, e164_token)
        -- Not EXISTS, which becomes a join of all of the vault.
        where (select true from trustcart_private.phone_vault as v where v.token = n.token) is null;
        continue when v_new is null;
        insert into trustcart_private.phone_vault (token, cipher, key_id, masked, e164_token)
        select
            n.token,
            n.cipher,
            v_key_id,
            trustcart_private.mask_address(n.phone),
            n.e164_token
        from unnest(
            v_new_tokens,
            trustcart_private.seal_bytes(
                array(
                    select convert_to(u.phone, 'UTF8')
                    from unnest(v_new) with ordinality as u (phone, place)
                    order by u.place
                ),
                v_new_tokens,
                trustcart_private.need_phone_key(v_key_id)
            ),
            v_new,
            v_new_e164_tokens
        ) as n (token, cipher, phone, e164_token)
        -- In one order for all, so that two who write the same numbers do not wait for each other.
        order by n.token
        on conflict (token) do nothing;
    end loop;
    return jsonb_object(v_texts, v_tokens);
end;
$$;
comment on function trustcart_private.conceal_phones(text[]) is
'The tokens of phone numbers, {number: token}, for each of the texts that is neither blank nor a token, and for its
E.164 form; those that are new are written to the vault. TC501 for a wrong key, TC502 without one.';
