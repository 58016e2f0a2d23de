-- roles: trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs, trustcart_gateway
-- remedy: alter role trustcart_gateway noinherit
-- remedy: grant trustcart_agent, trustcart_manager, trustcart_admin to trustcart_gateway

-- Groups, without login: a DBA grants them to the login roles of people and services. They belong to the whole server,
-- so another database of it may have made them. A gateway has the rights of no user before act_as() has said whose: it
-- may become a member of the three groups of people, and inherits from none.
do $$
declare
    v_missing text [];
    v_role text;
    v_is_ready boolean;
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
    if v_missing <> '{}' and not exists (
        select from pg_catalog.pg_roles as r where r.rolname = current_user and (r.rolcreaterole or r.rolsuper)
    ) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = format('the role %s lacks CREATEROLE, to create %s',
                current_user, array_to_string(v_missing, ', ')),
            hint = 'A DBA can run this instead, then migrate: create role '
            || array_to_string(v_missing, ' nologin; create role ') || ' nologin; alter role trustcart_gateway '
            || 'noinherit; grant trustcart_agent, trustcart_manager, trustcart_admin to trustcart_gateway;';
    end if;
    foreach v_role in array v_missing loop
        execute format('create role %I nologin', v_role);
    end loop;

    select
        not r.rolinherit
        and pg_catalog.pg_has_role(r.oid, 'trustcart_agent', 'member')
        and pg_catalog.pg_has_role(r.oid, 'trustcart_manager', 'member')
        and pg_catalog.pg_has_role(r.oid, 'trustcart_admin', 'member')
    into strict v_is_ready
    from pg_catalog.pg_roles as r
    where r.rolname = 'trustcart_gateway';
    if not v_is_ready then
        begin
            alter role trustcart_gateway noinherit;
            grant trustcart_agent, trustcart_manager, trustcart_admin to trustcart_gateway;
        exception when insufficient_privilege then
            raise exception using
                errcode = 'insufficient_privilege',
                message = format('the role %s may not let trustcart_gateway act as users', current_user),
                hint = 'A DBA can run this instead, then migrate: alter role trustcart_gateway noinherit; '
                || 'grant trustcart_agent, trustcart_manager, trustcart_admin to trustcart_gateway;';
        end;
    end if;
end;
$$;
