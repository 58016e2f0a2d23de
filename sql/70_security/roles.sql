-- roles: trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs, trustcart_gateway

-- Groups, without login: a DBA grants them to the login roles of people and services. They belong to the whole server,
-- so another database of it may have made them.
do $$
declare
    v_missing text [];
    v_role text;
begin
    v_missing := array(
        select g.name
        from unnest(
            array[
                'trustcart_agent', 'trustcart_manager', 'trustcart_admin', 'trustcart_service', 'trustcart_jobs',
                'trustcart_gateway'
            ]
        ) with ordinality as g (name, position)
        where not exists (select from pg_catalog.pg_roles as r where r.rolname = g.name)
        order by g.position
    );
    if v_missing = '{}' then
        return;
    end if;
    if not exists (
        select from pg_catalog.pg_roles as r where r.rolname = current_user and (r.rolcreaterole or r.rolsuper)
    ) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = format('the role %s lacks CREATEROLE, to create %s',
                current_user, array_to_string(v_missing, ', ')),
            hint = 'A DBA can run this instead, then migrate: create role '
            || array_to_string(v_missing, ' nologin; create role ') || ' nologin;';
    end if;
    foreach v_role in array v_missing loop
        execute format('create role %I nologin', v_role);
    end loop;
end;
$$;
