create or replace function trustcart_private.masked_token(p_token text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- By its key, also where the plan was made while the vault was all but empty.
set enable_seqscan = off
as $$
begin
    return coalesce((select v.masked from trustcart_private.phone_vault as v where v.token = p_token), '***');
end;
$$;
comment on function trustcart_private.masked_token(text) is
'The masked form of the number behind a token; *** when the vault does not know it.';
