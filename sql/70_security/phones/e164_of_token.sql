create or replace function trustcart_private.e164_of_token(p_token text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- By its key, also where the plan was made while the vault was all but empty.
set enable_seqscan = off
as $$
declare
    v_e164_token text;
begin
    select v.e164_token into v_e164_token from trustcart_private.phone_vault as v where v.token = p_token;
    if not found then
        raise exception using
            errcode = 'TC005',
            message = 'what begins with enc: is the token of an encrypted phone number, and this one is unknown here',
            hint = 'Give the number itself.';
    end if;
    return v_e164_token;
end;
$$;
comment on function trustcart_private.e164_of_token(text) is
'Of the token of a number as typed, the token of the number in E.164; null when it is none: what normalize_phone() is to
readable numbers, without a key. TC005 for a token that the vault does not know.';
