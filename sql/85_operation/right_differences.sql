-- requires: group_rights

create or replace function trustcart_private.right_differences()
returns table (is_missing boolean, difference text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        d.is_missing,
        format('%s on %s for %s', d.privilege, d.object, d.grantee)
    from (
        (
            select
                true as is_missing,
                g.object,
                g.grantee,
                g.privilege
            from trustcart_private.given_rights as g
            except
            select
                true,
                r.object,
                r.grantee,
                r.privilege
            from trustcart_private.group_rights() as r
        )
        union all
        (
            select
                false,
                r.object,
                r.grantee,
                r.privilege
            from trustcart_private.group_rights() as r
            except
            select
                false,
                g.object,
                g.grantee,
                g.privilege
            from trustcart_private.given_rights as g
        )
    ) as d
    order by d.object, d.grantee, d.privilege;
end;
$$;
comment on function trustcart_private.right_differences() is
'What the rights on our schemas are otherwise than grants.sql left them: is_missing: taken away since; else added. A
migrate that finds any runs grants.sql again.';
