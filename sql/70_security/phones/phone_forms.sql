-- requires: phone_search_key, phone_token, is_phone_token, revealed_phones

create or replace function trustcart_private.phone_forms(p_phones text[])
returns text[]
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text := (select e.state from trustcart_private.phone_encryption as e);
    v_search_key bytea;
    v_tokens text[];
begin
    if v_state = 'off' or p_phones is null then
        return p_phones;
    end if;
    v_tokens := array(
        select u.phone
        from unnest(p_phones) as u (phone)
        where trustcart_private.is_phone_token(u.phone)
    );
    if cardinality(v_tokens) < cardinality(p_phones) then
        v_search_key := trustcart_private.phone_search_key();
    end if;
    return v_tokens
    || array(
        select trustcart_private.phone_token(u.phone, v_search_key)
        from unnest(p_phones) as u (phone)
        where not trustcart_private.is_phone_token(u.phone)
    )
    || case when v_state in ('turning_on', 'turning_off') then
        array(
            select u.phone
            from unnest(p_phones) as u (phone)
            where not trustcart_private.is_phone_token(u.phone)
            union all
            select r.value
            from jsonb_each_text(trustcart_private.revealed_phones(v_tokens)) as r
        )
    else '{}' end;
end;
$$;
comment on function trustcart_private.phone_forms(text[]) is
'What to look for in a phone column to find these numbers, given in E.164 or as tokens: as they are, where nothing is
encrypted; else their tokens; while encryption is turned on or off both, which takes the key. TC501 for a wrong key,
TC502 without one.';
