-- requires: roles

-- All grants on our schemas, and nobody else's: run again, this file takes back what it does not give. Migrate runs it
-- after every change of an object, which is why no default privileges are needed: those would reach beyond our
-- schemas. Until it has run, a new function has EXECUTE for PUBLIC but stands in a schema that PUBLIC cannot use.
--
-- trustcart_service   reads the four views of the contract, and of the tables below them the columns they show; and the
--                     feed of events.
-- trustcart_manager   reads everything in trustcart, and calls its functions but those of the daily jobs and of
--                     delivery.
-- trustcart_admin     reads everything in trustcart, calls all of it and runs the jobs.
-- trustcart_jobs      runs the jobs and delivers messages.
-- trustcart_agent, trustcart_gateway
--                     have nothing before row security tells whose customers an agent may see.
--
-- Functions that run as their caller and views need EXECUTE, though not USAGE of the schema, on what their bodies were
-- bound to in trustcart_private: it is found in pg_depend and granted with them.
revoke all on schema trustcart, trustcart_private, trustcart_api
from public, trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs, trustcart_gateway;

do $$
declare
    v_statement text;
begin
    for v_statement in
        select format(
            'revoke all on %s %s from public, trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, '
            'trustcart_jobs, trustcart_gateway',
            o.kind,
            o.identity
        )
        from (
            select
                case when c.relkind = 'S' then 'sequence' else 'table' end as kind,
                c.oid::regclass::text as identity
            from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
            where
                n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
                and c.relkind in ('r', 'p', 'v', 'm', 'S')
                and pg_has_role(c.relowner, 'usage')
            union all
            select
                'routine',
                p.oid::regprocedure::text
            from pg_catalog.pg_proc as p
            inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
            where
                n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
                and p.prokind in ('f', 'p')
                and pg_has_role(p.proowner, 'usage')
        ) as o
    loop
        execute v_statement;
    end loop;
end;
$$;

grant usage on schema trustcart to trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs;
grant usage on schema trustcart_api to trustcart_manager, trustcart_admin;

do $$
declare
    v_statement text;
begin
    -- Managers and admins: every table and view but partitions, which their parent speaks for, and every function.
    for v_statement in
        select format('grant select on %s to trustcart_manager, trustcart_admin', c.oid::regclass)
        from pg_catalog.pg_class as c
        where
            c.relnamespace = 'trustcart'::regnamespace
            and c.relkind in ('r', 'p', 'v', 'm')
            and not c.relispartition
            and pg_has_role(c.relowner, 'usage')
        union all
        select format(
            'grant execute on routine %s to %s',
            p.oid::regprocedure,
            case
                when
                    p.prokind = 'p'
                    or exists (select from trustcart.job_schedules as j where j.job_name = p.proname)
                    and p.proname <> 'generate_daily_call_tasks'
                    then 'trustcart_admin'
                -- A worker's: what a person claimed would be held back.
                when
                    p.proname in (
                        'start_delivery_worker', 'claim_messages', 'record_deliveries', 'release_dead_deliveries',
                        'next_delivery'
                    )
                    then 'trustcart_jobs, trustcart_admin'
                else 'trustcart_manager, trustcart_admin'
            end
        )
        from pg_catalog.pg_proc as p
        where
            p.pronamespace in ('trustcart'::regnamespace, 'trustcart_api'::regnamespace)
            and p.prokind in ('f', 'p')
            and p.prorettype <> 'trigger'::regtype
            and pg_has_role(p.proowner, 'usage')
        union all
        -- Jobs: the functions that job_schedules names and the procedures that run them.
        select format('grant execute on routine %s to trustcart_jobs', p.oid::regprocedure)
        from pg_catalog.pg_proc as p
        where
            p.pronamespace = 'trustcart'::regnamespace
            and (
                p.prokind = 'p'
                or p.proname in ('business_date', 'check_job_date', 'version')
                or exists (select from trustcart.job_schedules as j where j.job_name = p.proname)
            )
            and p.prorettype <> 'trigger'::regtype
            and pg_has_role(p.proowner, 'usage')
    loop
        execute v_statement;
    end loop;

    -- What bodies and views of the caller's rights were bound to.
    for v_statement in
        with recursive rights as (
            select
                'pg_proc'::regclass as class_id,
                p.oid,
                'trustcart_manager, trustcart_admin' as grantees,
                p.prosecdef as is_definer
            from pg_catalog.pg_proc as p
            where p.pronamespace in ('trustcart'::regnamespace, 'trustcart_api'::regnamespace)
            union all
            select
                'pg_class'::regclass,
                c.oid,
                g.grantees,
                false
            from pg_catalog.pg_class as c
            cross join (values ('trustcart_manager, trustcart_admin'), ('trustcart_service')) as g (grantees)
            where
                c.relnamespace = 'trustcart'::regnamespace
                and c.relkind = 'v'
                and (
                    g.grantees <> 'trustcart_service'
                    or c.relname in (
                        'customer_360_view', 'upcoming_birthdays_anniversaries', 'customer_intelligence',
                        'agent_performance_dashboard'
                    )
                )
        ),

        needs as (
            select
                r.class_id,
                r.oid,
                0 as column_number,
                r.grantees,
                r.is_definer
            from rights as r
            union
            select
                d.refclassid::regclass,
                d.refobjid,
                d.refobjsubid,
                n.grantees,
                coalesce(p.prosecdef, false)
            from needs as n
            inner join pg_catalog.pg_depend as d
                on
                    (
                        n.class_id = 'pg_proc'::regclass and not n.is_definer
                        and d.classid = n.class_id and d.objid = n.oid
                    )
                    or (
                        n.class_id = 'pg_class'::regclass
                        and d.classid = 'pg_rewrite'::regclass
                        and d.objid in (select w.oid from pg_catalog.pg_rewrite as w where w.ev_class = n.oid)
                    )
            left join pg_catalog.pg_proc as p on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
            where
                d.deptype = 'n'
                and d.refclassid in ('pg_proc'::regclass, 'pg_class'::regclass)
        )

        select distinct format('grant execute on routine %s to %s', p.oid::regprocedure, n.grantees)
        from needs as n
        inner join pg_catalog.pg_proc as p on n.oid = p.oid
        where
            n.class_id = 'pg_proc'::regclass
            and p.pronamespace in (
                'trustcart'::regnamespace, 'trustcart_private'::regnamespace, 'trustcart_api'::regnamespace
            )
            and (p.pronamespace = 'trustcart_private'::regnamespace or n.grantees = 'trustcart_service')
            and p.prorettype <> 'trigger'::regtype
            and pg_has_role(p.proowner, 'usage')
        union all
        select distinct
            case
                when c.relkind = 'v' then format('grant select on %s to trustcart_service', c.oid::regclass)
                else format('grant select (%I) on %s to trustcart_service', a.attname, c.oid::regclass)
            end
        from needs as n
        inner join pg_catalog.pg_class as c on n.oid = c.oid
        left join pg_catalog.pg_attribute as a
            on c.oid = a.attrelid and n.column_number = a.attnum and n.column_number > 0
        where
            n.class_id = 'pg_class'::regclass
            and n.grantees = 'trustcart_service'
            and c.relnamespace = 'trustcart'::regnamespace
            and (c.relkind = 'v' or (c.relkind in ('r', 'p') and a.attname is not null))
            and pg_has_role(c.relowner, 'usage')
    loop
        execute v_statement;
    end loop;
end;
$$;

-- What business_date() and upcoming_events() read beyond that: their bodies are bound late, so no catalogue says it.
grant select on trustcart.settings, trustcart.customer_event_days to trustcart_service;
grant select (id, first_name, last_name, email, phone, is_active) on trustcart.customers to trustcart_service;
grant select (id, name) on trustcart.customer_family_members to trustcart_service;

-- The feed for other services.
grant select on trustcart.events to trustcart_service;
grant execute on function trustcart.read_events(xid8, bigint, integer) to trustcart_service;

-- The procedures run as their caller, for they commit; the jobs themselves are definer functions.
grant select on trustcart.settings, trustcart.job_schedules to trustcart_jobs;
grant select, insert, update on trustcart.job_runs to trustcart_jobs, trustcart_admin;
