-- requires: hmac_sha256

create or replace function trustcart_private.phone_wrap_key(p_master bytea)
returns bytea
language sql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
return trustcart_private.hmac_sha256(p_master, convert_to('trustcart phone wrap: encrypt', 'UTF8'))
|| trustcart_private.hmac_sha256(p_master, convert_to('trustcart phone wrap: authenticate', 'UTF8'));

comment on function trustcart_private.phone_wrap_key(bytea) is
'The key that a master key wraps other keys with, for seal_bytes().';
