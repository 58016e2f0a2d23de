create or replace function trustcart_private.delivery_lock_class()
returns integer
language sql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
return 1936028276;
comment on function trustcart_private.delivery_lock_class() is
'First number of the advisory locks of delivery workers; the second is the worker''s.';
