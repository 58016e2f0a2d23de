-- requires: hmac_sha256

create or replace function trustcart_private.phone_master_fingerprint(p_master bytea)
returns text
language sql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
return left(
    encode(trustcart_private.hmac_sha256(p_master, convert_to('trustcart phone master', 'UTF8')), 'hex'), 32
);

comment on function trustcart_private.phone_master_fingerprint(bytea) is
'What phone_key_wraps knows a master key by.';
