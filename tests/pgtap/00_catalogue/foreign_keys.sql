-- Every foreign key has an index that begins with its columns, else each delete of a parent reads the whole child table.
begin;
select plan(2);

create temporary view our_foreign_keys as
select k.conrelid, k.conname, k.conkey, k.confdeltype
from pg_catalog.pg_constraint as k
where
    k.contype = 'f'
    and k.conparentid = 0
    and k.connamespace::regnamespace::text in ('trustcart', 'trustcart_private', 'trustcart_api');

select isnt_empty('select conname from our_foreign_keys', 'there are foreign keys to look at');
select is_empty(
    $$select format('%s of %s', k.conname, k.conrelid::regclass) from our_foreign_keys as k
    where not exists (
        select from pg_catalog.pg_index as i
        where i.indrelid = k.conrelid and i.indisvalid
        -- an index of the rows that point somewhere serves as well: with a null in any column they do not
        and (
            i.indpred is null
            or pg_get_expr(i.indpred, i.indrelid) in (
                select format('(%I IS NOT NULL)', a.attname) from pg_catalog.pg_attribute as a
                where a.attrelid = k.conrelid and a.attnum = any(k.conkey)
            )
        )
        -- indkey counts from 0; the first columns of the index are those of the key, in any order
        and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
    )$$,
    'every foreign key has its index'
);

select * from finish();
rollback;
