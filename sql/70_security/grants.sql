-- requires: roles

-- All grants on our schemas, and nobody else's: run again, this file takes back what it does not give. Migrate runs it
-- after every change of an object, and takes EXECUTE from PUBLIC in the transaction that makes a function. That is what
-- default privileges would be for; but those of functions cannot be told for our schemas alone.
--
-- trustcart_agent     reads the tables and views of customers, calls and products, as far as row security lets it, and
--                     calls what an agent's day takes. Writes nothing but through functions.
-- trustcart_manager   reads everything in trustcart but the audit, and calls its functions but those of the daily jobs,
--                     of delivery, of users and of erasure.
-- trustcart_admin     reads everything in trustcart, calls all of it and runs the jobs.
-- trustcart_service   reads the four views of the contract, and of the tables below them the columns they show, but for
--                     e-mail addresses and phones, which it sees masked; and the feed of events. A service that must
--                     reach customers is given that right by a DBA:
--                     grant select (email, phone) on trustcart.customers to its login role.
-- trustcart_jobs      runs the jobs and delivers messages.
-- trustcart_gateway   becomes a user by act_as(), signs users in, takes webhooks and unsubscriptions; nothing else.
-- pg_monitor          (of Postgres itself, what exporters are members of) asks the doctor, who tells figures and names.
--
-- Functions that run as their caller and views need EXECUTE, though not USAGE of the schema, on what their bodies were
-- bound to in trustcart_private: it is found in pg_depend and granted with them.
revoke all on schema trustcart, trustcart_private, trustcart_api
from public, trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs, trustcart_gateway,
pg_monitor;

do $$
declare
    v_statement text;
begin
    for v_statement in
        select format(
            'revoke all on %s %s from public, trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, '
            'trustcart_jobs, trustcart_gateway, pg_monitor',
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

grant usage on schema trustcart
to trustcart_agent, trustcart_manager, trustcart_admin, trustcart_service, trustcart_jobs, trustcart_gateway,
pg_monitor;
grant usage on schema trustcart_api to trustcart_agent, trustcart_manager, trustcart_admin, trustcart_gateway;

do $$
declare
    -- What the agent's day takes. Row security, check_access() and their like say of whom.
    v_agent_relations text [] := array[
        'agent_days', 'agent_languages', 'agent_leave', 'agent_performance_dashboard', 'agent_skills',
        'agent_working_hours', 'call_outcomes', 'call_scripts', 'call_task_types', 'call_waiting_list', 'carts',
        'categories', 'crm_call_attempts', 'crm_call_task_assignments', 'crm_call_tasks', 'customer_360_view',
        'customer_behavior', 'customer_consents', 'customer_contact_preferences', 'customer_dropoff_tracking',
        'customer_engagement_history', 'customer_event_days', 'customer_family_members', 'customer_intelligence',
        'customer_interactions', 'customer_loyalty', 'customer_phone_flags', 'customer_rfm', 'customer_scores',
        'customer_state_changes', 'customers',
        'loyalty_tier_changes', 'loyalty_tiers', 'loyalty_tiers_reached', 'order_statuses', 'product_affinities',
        'product_figures', 'product_pairs', 'product_recommendation_rules', 'products', 'recommendation_state',
        'sales_order_items', 'sales_orders', 'settings', 'shop_holidays', 'upcoming_birthdays_anniversaries'
    ];
    v_agent_functions text [] := array[
        'agent_figures', 'agent_leaderboard', 'agent_performance', 'agent_performance_by_period', 'business_date',
        'call_conversions', 'call_in_hand', 'call_script', 'call_scripts_of', 'check_access', 'check_agent_access',
        'check_contact', 'check_period', 'claim_next_call', 'clear_wrong_number', 'complete_call_task',
        'consent_history', 'consent_of', 'create_call_task', 'current_user_id', 'customer_numbers', 'customer_state',
        'earlier_answer', 'explain_customer', 'find_caller', 'find_customers', 'flag_wrong_number',
        'get_product_recommendations', 'is_mobile_number', 'is_successful_call', 'keep_answer', 'last_outcome_at',
        'log_access', 'log_call_attempt', 'normalize_phone', 'reassign_call_task', 'recommended_action_of',
        'record_consent', 'set_contact_preferences', 'set_phone_key', 'shown_phone', 'skip_call_task',
        'snooze_call_task', 'start_call_task', 'to_business_date', 'undo_call_outcome',
        'upcoming_events', 'user_name', 'version',
        -- trustcart_api
        'add_family_member', 'behavior', 'call_tasks_today', 'campaigns', 'change_password', 'create_call',
        'customer360', 'dropoff', 'enter_leave', 'family_members', 'hand_over_call', 'hand_over_calls', 'interactions',
        'list_customer360', 'live_agents', 'log_engagement', 'log_interaction', 'next_call', 'page_agent',
        'page_agent_call', 'page_agent_caller', 'page_agent_list', 'page_crm', 'page_customer',
        'page_customer_behavior', 'page_customer_overview', 'page_customer_timeline', 'page_customers', 'page_frame',
        'page_password', 'page_team', 'page_team_calls', 'page_team_conversions', 'page_team_figures',
        'page_team_plan', 'page_team_waiting', 'put_off_calls', 'recommendations', 'record_call_outcome',
        'remove_family_member', 'save_consent', 'save_contact_preferences', 'skip_call', 'snooze_call', 'start_call',
        'undo_call', 'update_call_task_status', 'update_family_member', 'withdraw_leave'
    ];
    v_gateway_functions text [] := array[
        'current_user_id', 'receive_webhook', 'set_phone_key', 'sign_out_user', 'unsubscribe', 'version'
    ];
    -- Hashes of passwords, and who signed in: of nobody else, admins included.
    v_sign_in_functions text [] := array['record_sign_in', 'sign_in_credentials'];
    -- A worker's: what a person claimed would be held back.
    v_delivery_functions text [] := array[
        'claim_messages', 'next_delivery', 'record_deliveries', 'release_dead_deliveries', 'start_delivery_worker'
    ];
    -- Not the managers'.
    v_admin_relations text [] := array['audit_checkpoints', 'audit_logs', 'audit_seals'];
    v_admin_functions text [] := array[
        'change_user', 'create_user', 'erase_customer', 'find_personal_traces', 'phone_encryption_status',
        'repair_customer_state', 'set_user_password_hash', 'sign_out_user', 'unlock_user', 'user_accounts',
        'verify_audit_log'
    ];
    v_statement text;
begin
    -- Tables and views but partitions, which their parent speaks for.
    for v_statement in
        select format(
            'grant select on %s to trustcart_admin%s%s',
            c.oid::regclass,
            case when c.relname <> all(v_admin_relations) then ', trustcart_manager' end,
            case when c.relname = any(v_agent_relations) then ', trustcart_agent' end
        )
        from pg_catalog.pg_class as c
        where
            c.relnamespace = 'trustcart'::regnamespace
            and c.relkind in ('r', 'p', 'v', 'm')
            and not c.relispartition
            and pg_has_role(c.relowner, 'usage')
        union all
        select format(
            'grant execute on routine %s to %s%s%s%s%s',
            p.oid::regprocedure,
            -- Who has rights of their own becomes nobody else, and so leaves no other name in the audit.
            case when p.proname = 'act_as' then 'trustcart_gateway' else 'trustcart_admin' end,
            case
                when
                    p.prokind = 'f'
                    and p.proname <> all(v_admin_functions || v_delivery_functions)
                    and p.proname <> 'act_as'
                    and (
                        p.proname = 'generate_daily_call_tasks'
                        or not exists (select from trustcart.job_schedules as j where j.job_name = p.proname)
                    )
                    then ', trustcart_manager'
            end,
            case when p.proname = any(v_agent_functions) then ', trustcart_agent' end,
            case when p.proname = any(v_gateway_functions) then ', trustcart_gateway' end,
            -- Jobs: the functions that job_schedules names and the procedures that run them.
            case
                when
                    p.pronamespace = 'trustcart'::regnamespace
                    and (
                        p.prokind = 'p'
                        or p.proname = any(v_delivery_functions)
                        or p.proname in (
                            'add_job_results', 'business_date', 'check_job_date', 'set_phone_key', 'version'
                        )
                        or exists (select from trustcart.job_schedules as j where j.job_name = p.proname)
                    )
                    then ', trustcart_jobs'
            end
        )
        from pg_catalog.pg_proc as p
        where
            p.pronamespace in ('trustcart'::regnamespace, 'trustcart_api'::regnamespace)
            and p.prokind in ('f', 'p')
            and p.prorettype <> 'trigger'::regtype
            and p.proname <> all(v_sign_in_functions)
            and pg_has_role(p.proowner, 'usage')
        union all
        select format('grant execute on routine %s to trustcart_gateway', p.oid::regprocedure)
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'trustcart'::regnamespace and p.proname = any(v_sign_in_functions)
    loop
        execute v_statement;
    end loop;
    grant select on
    trustcart.customer_360_view, trustcart.upcoming_birthdays_anniversaries, trustcart.customer_intelligence,
    trustcart.agent_performance_dashboard
    to trustcart_service;

    -- What views, policies and bodies of the caller's rights were bound to. A view that asks with its owner's rights takes
    -- its tables from the owner, the functions it calls from the caller.
    for v_statement in
        with recursive roles as (
            select g.name as role
            from unnest(
                array[
                    'trustcart_agent', 'trustcart_manager', 'trustcart_admin', 'trustcart_service', 'trustcart_jobs',
                    'trustcart_gateway'
                ]
            ) as g (name)
        ),

        needs as (
            select
                'pg_proc'::regclass as class_id,
                p.oid,
                0 as column_number,
                r.role,
                false as asks_as_owner
            from pg_catalog.pg_proc as p
            cross join roles as r
            where
                p.pronamespace in ('trustcart'::regnamespace, 'trustcart_api'::regnamespace)
                and has_function_privilege(r.role, p.oid, 'execute')
            union
            select
                'pg_class'::regclass,
                c.oid,
                0,
                r.role,
                false
            from pg_catalog.pg_class as c
            cross join roles as r
            where
                c.relnamespace = 'trustcart'::regnamespace
                and c.relkind = 'v'
                and has_table_privilege(r.role, c.oid, 'select')
            union
            select
                d.refclassid::regclass,
                d.refobjid,
                d.refobjsubid,
                'trustcart_agent',
                false
            from pg_catalog.pg_policy as y
            inner join pg_catalog.pg_depend as d on y.oid = d.objid and d.classid = 'pg_policy'::regclass
            where
                'trustcart_agent'::regrole = any(y.polroles)
                and d.deptype = 'n'
                and d.refclassid in ('pg_proc'::regclass, 'pg_class'::regclass)
            union
            select
                d.refclassid::regclass,
                d.refobjid,
                d.refobjsubid,
                n.role,
                n.class_id = 'pg_class'::regclass
                and not coalesce(c.reloptions @> array['security_invoker=true'], false)
            from needs as n
            left join pg_catalog.pg_proc as p on n.class_id = 'pg_proc'::regclass and n.oid = p.oid
            left join pg_catalog.pg_class as c on n.class_id = 'pg_class'::regclass and n.oid = c.oid
            inner join pg_catalog.pg_depend as d
                on
                    (not p.prosecdef and d.classid = 'pg_proc'::regclass and n.oid = d.objid)
                    or (
                        d.classid = 'pg_rewrite'::regclass
                        and d.objid in (select w.oid from pg_catalog.pg_rewrite as w where w.ev_class = c.oid)
                    )
            where
                d.deptype = 'n'
                and d.refclassid in ('pg_proc'::regclass, 'pg_class'::regclass)
        )

        select distinct format('grant execute on routine %s to %I', p.oid::regprocedure, n.role)
        from needs as n
        inner join pg_catalog.pg_proc as p on n.oid = p.oid
        where
            n.class_id = 'pg_proc'::regclass
            and p.pronamespace in (
                'trustcart'::regnamespace, 'trustcart_private'::regnamespace, 'trustcart_api'::regnamespace
            )
            and p.prorettype <> 'trigger'::regtype
            and pg_has_role(p.proowner, 'usage')
            and not has_function_privilege(n.role, p.oid, 'execute')
        union all
        select distinct
            case
                when c.relkind = 'v' then format('grant select on %s to %I', c.oid::regclass, n.role)
                else format('grant select (%I) on %s to %I', a.attname, c.oid::regclass, n.role)
            end
        from needs as n
        inner join pg_catalog.pg_class as c on n.oid = c.oid
        left join pg_catalog.pg_attribute as a
            on c.oid = a.attrelid and n.column_number = a.attnum and n.column_number > 0
        where
            n.class_id = 'pg_class'::regclass
            and not n.asks_as_owner
            and c.relnamespace in ('trustcart'::regnamespace, 'trustcart_private'::regnamespace)
            and pg_has_role(c.relowner, 'usage')
            and case
                when c.relkind = 'v' then not has_table_privilege(n.role, c.oid, 'select')
                when c.relkind in ('r', 'p') and a.attname is not null
                    then not has_column_privilege(n.role, c.oid, a.attnum, 'select')
            end
    loop
        execute v_statement;
    end loop;
end;
$$;

-- What business_date() and upcoming_events() read beyond that: their bodies are bound late, so no catalogue says it.
grant select on trustcart.settings, trustcart.customer_event_days to trustcart_service;
grant select (id, name) on trustcart.customer_family_members to trustcart_service;

-- What agent_leaderboard() and its like read of users besides; row security leaves agents themselves and their team.
grant select (id, name, role, team_leader_id, is_active) on trustcart.users to trustcart_agent;

-- The feed for other services.
grant select on trustcart.events to trustcart_service;
grant execute on function trustcart.read_events(xid8, bigint, integer) to trustcart_service;

-- The procedures run as their caller, for they commit; the jobs themselves are definer functions.
grant select on trustcart.settings, trustcart.job_schedules to trustcart_jobs;
grant select, insert, update on trustcart.job_runs to trustcart_jobs, trustcart_admin;

-- What exporters and `trustcart-db doctor` ask.
grant execute on function
trustcart.doctor_adoption(), trustcart.doctor_data(boolean), trustcart.doctor_delivery(), trustcart.doctor_jobs(),
trustcart.doctor_model(), trustcart.doctor_rights(), trustcart.doctor_server(), trustcart.doctor_storage(),
trustcart.installed(), trustcart.version()
to pg_monitor;

-- What was given, for doctor_rights() to compare with.
delete from trustcart_private.given_rights;
insert into trustcart_private.given_rights (object, grantee, privilege)
select
    r.object,
    r.grantee,
    r.privilege
from trustcart_private.group_rights() as r;
