create or replace function trustcart_private.adoption_lock_class()
returns integer
language sql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
return 1936028277;
comment on function trustcart_private.adoption_lock_class() is
'First number of the advisory locks of adoption. The second, with the buckets of adoption_bucket(): from 0 the numbers
of guests, from 1024 the making of their guests, from 2048 orders that items wait for; from 4000 the sources (backfill
against deletes), from 5000 those that follow a table.';
