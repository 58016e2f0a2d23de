-- A view reads with the rights of who asks, so that row security and grants hold through it.
begin;
select plan(1);

select is_empty(
    $$select c.oid::regclass from pg_catalog.pg_class as c
    where c.relkind = 'v' and c.relnamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
    and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false)$$,
    'every view of ours is security_invoker'
);

select * from finish();
rollback;
