create or replace function trustcart_private.is_phone_token(p_stored text)
returns boolean
language sql immutable parallel safe
security invoker
return p_stored ~ '^enc:(mobile|landline|foreign|text):[0-9a-f]{64}$';

comment on function trustcart_private.is_phone_token(text) is
'Whether a text has the form of what stands in the place of an encrypted phone number; null of null.';
