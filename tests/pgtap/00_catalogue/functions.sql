-- A function means the same whatever the caller's search path is, and says what it may be used for.
begin;
select plan(5);

create temporary view our_functions as
select p.oid, p.oid::regprocedure as identity, p.prokind, p.prosecdef, p.prosqlbody, p.proconfig, p.prolang, p.proacl
from pg_catalog.pg_proc as p
where p.pronamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api');

select isnt_empty('select identity from our_functions', 'there are functions to look at');
select is_empty(
    $$select identity from our_functions where prosecdef
    and not coalesce(proconfig::text ~ 'search_path=', false)$$,
    'every security definer function pins its search path'
);
-- A procedure that commits can have no SET clause, so all its names are qualified; plpgsql_check looks at those.
select is_empty(
    $$select identity from our_functions where prokind = 'f' and prosqlbody is null
    and not coalesce(proconfig::text ~ 'search_path=', false)$$,
    'every function pins its search path or has a SQL-standard body'
);
select is_empty(
    $$select identity from our_functions where proconfig::text ~ 'search_path=[^,}]*\m(public|"?\$user"?)\M'$$,
    'no function looks into a schema that others may create in'
);

-- Where it is not named, pg_temp comes first for tables and types: a caller's own domain named text would run as owner.
select is_empty(
    $$select identity from our_functions where proconfig::text ~ 'search_path='
    and not proconfig @> array['search_path=pg_catalog, pg_temp']$$,
    'a pinned search path is pg_catalog, pg_temp'
);

select * from finish();
rollback;
