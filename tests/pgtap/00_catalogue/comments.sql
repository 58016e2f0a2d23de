-- Every object of ours says in the catalogue what it is. yoyo's tables are not ours; partitions speak through their parent.
begin;
select plan(5);

create temporary view our_relations as
select c.oid, n.nspname as schema_name, c.relname, c.relkind
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
    and c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
    and c.relname !~ '^_?yoyo_';

select is_empty(
    $$select nspname from pg_catalog.pg_namespace where nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
    and obj_description(oid, 'pg_namespace') is null$$,
    'every schema has a comment'
);
select is_empty(
    $$select format('%I.%I', schema_name, relname) from our_relations where obj_description(oid, 'pg_class') is null$$,
    'every table and view has a comment'
);
select is_empty(
    $$select format('%I.%I.%I', r.schema_name, r.relname, a.attname)
    from our_relations as r inner join pg_catalog.pg_attribute as a on a.attrelid = r.oid
    where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'v', 'm')
    and col_description(r.oid, a.attnum) is null order by 1$$,
    'every column has a comment'
);
select is_empty(
    $$select p.oid::regprocedure from pg_catalog.pg_proc as p
    where p.pronamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
    and obj_description(p.oid, 'pg_proc') is null$$,
    'every function and procedure has a comment'
);
select is_empty(
    $$select t.typname from pg_catalog.pg_type as t left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where t.typnamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api')
    and (t.typtype in ('d', 'e', 'r') or c.relkind = 'c')
    and coalesce(obj_description(t.oid, 'pg_type'), obj_description(c.oid, 'pg_class')) is null$$,
    'every type has a comment'
);

select * from finish();
rollback;
