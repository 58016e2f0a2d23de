create or replace function trustcart_private.message_key(p_id bigint, p_token uuid)
returns text
language sql immutable parallel safe
security invoker
return p_id || '-' || p_token;

comment on function trustcart_private.message_key(bigint, uuid) is
'The idempotency key of a message and the last part of its unsubscribe link: <id>-<token>.';
