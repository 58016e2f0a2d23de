-- requires: need_phone_key

create or replace function trustcart_private.phone_search_key()
returns bytea
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart_private.need_phone_key((select e.search_key_id from trustcart_private.phone_encryption as e));
end;
$$;
comment on function trustcart_private.phone_search_key() is
'The key that makes tokens, as phone_token() takes it. TC501 for a wrong master key, TC502 without one.';
