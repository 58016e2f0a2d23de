-- A view reads with the rights of who asks, so that row security and grants hold through it.
begin;
select plan(1);

select is_empty(
    $$select c.oid::regclass from pg_catalog.pg_class as c
    where c.relkind = 'v' and c.relnamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
    and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false)
    -- Out of anybody's reach, and made to tell less than their tables: whose customer is whose, and masks.
    and c.oid not in (
        'trustcart_private.customers_of_agents'::regclass, 'trustcart_private.customers_of_caller'::regclass,
        'trustcart_private.customer_360_parts'::regclass
    )$$,
    'every view of ours but three is security_invoker'
);

select * from finish();
rollback;
