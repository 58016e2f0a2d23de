-- requires: phone_key_of, open_bytes, is_phone_token

create or replace function trustcart_private.opened_phone(p_token text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- By its key, also where the plan was made while the vault was all but empty.
set enable_seqscan = off
as $$
declare
    v_entry trustcart_private.phone_vault;
    v_key bytea;
begin
    select v.* into v_entry from trustcart_private.phone_vault as v where v.token = p_token;
    if not found then
        return case when trustcart_private.is_phone_token(p_token) then '***' else p_token end;
    end if;
    v_key := trustcart_private.phone_key_of(v_entry.key_id);
    if v_key is null then
        return v_entry.masked;
    end if;
    return convert_from((trustcart_private.open_bytes(array[v_entry.cipher], array[p_token], v_key))[1], 'UTF8');
end;
$$;
comment on function trustcart_private.opened_phone(text) is
'The number behind a token for a session that has the key, else its masked form; *** when the vault has no such token,
and any other text as it is. TC501 for a wrong key, TC505 when the vault was tampered with.';
