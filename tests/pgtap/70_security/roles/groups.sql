-- The group roles exist and nobody can log in as one.
begin;
select plan(2);

select set_eq(
    $$select r.rolname::text from pg_catalog.pg_roles as r where r.rolname in (
        'trustcart_agent', 'trustcart_manager', 'trustcart_admin', 'trustcart_service', 'trustcart_jobs',
        'trustcart_gateway'
    )$$,
    array[
        'trustcart_agent', 'trustcart_manager', 'trustcart_admin', 'trustcart_service', 'trustcart_jobs',
        'trustcart_gateway'
    ],
    'six groups'
);
select is_empty(
    $$select r.rolname from pg_catalog.pg_roles as r
    where r.rolname ~ '^trustcart_(agent|manager|admin|service|jobs|gateway)$'
    and (r.rolcanlogin or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls)$$,
    'without login or powers'
);

select * from finish();
rollback;
