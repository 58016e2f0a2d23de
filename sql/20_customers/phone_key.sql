create or replace function trustcart_private.phone_key(p_phone text, p_phone_e164 text)
returns text
language sql immutable parallel safe
security invoker
return coalesce(p_phone_e164, nullif(btrim(p_phone), ''));

comment on function trustcart_private.phone_key(text, text) is
'How a number is known to customer_phone_flags: in E.164, else as typed; null when there is none.';
