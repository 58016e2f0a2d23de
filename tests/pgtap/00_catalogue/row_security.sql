-- Every table of the contract with rows of customers is row-secured: whoever is no agent as granted, agents by a rule.
begin;
select plan(4);

create temporary view of_customers as
select
    c.oid,
    c.relname::text as relname,
    c.relrowsecurity,
    c.relforcerowsecurity
from pg_catalog.pg_class as c
where
    c.relnamespace = 'trustcart'::regnamespace
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and (
        c.oid = 'trustcart.customers'::regclass
        or exists (
            select from pg_catalog.pg_attribute as a
            where a.attrelid = c.oid and a.attname ~ 'customer_id$' and not a.attisdropped
        )
        or exists (
            select from pg_catalog.pg_constraint as f
            where f.conrelid = c.oid and f.confrelid = 'trustcart.customers'::regclass
        )
    );

select cmp_ok((select count(*) from of_customers), '>=', 25::bigint, 'there are such tables');
select is_empty(
    'select relname from of_customers where not relrowsecurity or relforcerowsecurity',
    'row security is enabled, not forced: the owner recomputes from all rows'
);
select is_empty(
    $$select t.relname from of_customers as t
    where not exists (
        select from pg_catalog.pg_policy as p where p.polrelid = t.oid and p.polname = t.relname || '_as_granted'
    )$$,
    'whoever is no agent: as granted'
);
select is_empty(
    $$select t.relname from of_customers as t
    where
        has_any_column_privilege('trustcart_agent', t.oid, 'select, insert, update')
        and not exists (
            select from pg_catalog.pg_policy as p
            where
                p.polrelid = t.oid and p.polname = t.relname || '_agents'
                and p.polroles = array['trustcart_agent'::regrole::oid]
        )$$,
    'what agents read has a rule for agents'
);

select * from finish();
rollback;
