create or replace function trustcart_private.group_rights()
returns table (object text, grantee text, privilege text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with ours as (
        select
            n.oid,
            n.nspname,
            n.nspacl,
            n.nspowner
        from pg_namespace as n
        where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
    ),

    lists as (
        select
            'schema ' || n.nspname as object,
            n.nspacl as acl,
            n.nspowner as owner
        from ours as n
        union all
        select
            case c.relkind when 'v' then 'view ' when 'S' then 'sequence ' else 'table ' end || c.oid::regclass,
            c.relacl,
            c.relowner
        from pg_class as c
        inner join ours as n on c.relnamespace = n.oid
        where c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relacl is not null
        union all
        select
            format('column %I of %s', a.attname, c.oid::regclass),
            a.attacl,
            c.relowner
        from pg_attribute as a
        inner join pg_class as c on a.attrelid = c.oid
        inner join ours as n on c.relnamespace = n.oid
        where a.attacl is not null and not a.attisdropped
        union all
        select
            'function ' || p.oid::regprocedure,
            -- Without a list it is that of birth, with EXECUTE for PUBLIC.
            coalesce(p.proacl, acldefault('f', p.proowner)),
            p.proowner
        from pg_proc as p
        inner join ours as n on p.pronamespace = n.oid
    )

    select
        l.object,
        coalesce(r.rolname::text, 'PUBLIC'),
        lower(x.privilege_type)
    from lists as l
    cross join lateral aclexplode(l.acl) as x
    left join pg_roles as r on x.grantee = r.oid
    where
        x.grantee <> l.owner
        and (
            x.grantee = 0
            or r.rolname in (
                'trustcart_agent', 'trustcart_manager', 'trustcart_admin', 'trustcart_service', 'trustcart_jobs',
                'trustcart_gateway', 'pg_monitor'
            )
        )
    -- Whoever gave it: several may have.
    group by 1, 2, 3;
end;
$$;
comment on function trustcart_private.group_rights() is
'The rights that our group roles, pg_monitor and PUBLIC have on our schemas and what is in them. What a DBA gave to
other roles is the DBA''s affair.';
