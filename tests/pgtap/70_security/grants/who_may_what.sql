-- PUBLIC has nothing of ours, each group what it is there for, by trying it.
begin;
select plan(37);

create temporary view our_schemas as
select n.oid, n.nspname from pg_catalog.pg_namespace as n
where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api');

select is_empty(
    $$select n.nspname from our_schemas as n cross join unnest(array['usage', 'create']) as p (privilege)
    where has_schema_privilege('public', n.oid, p.privilege)$$,
    'PUBLIC has no schema'
);
select is_empty(
    $$select p.oid::regprocedure from pg_catalog.pg_proc as p inner join our_schemas as n on p.pronamespace = n.oid
    where p.prokind in ('f', 'p') and has_function_privilege('public', p.oid, 'execute')$$,
    'PUBLIC has no function'
);
select is_empty(
    $$select c.oid::regclass from pg_catalog.pg_class as c inner join our_schemas as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p', 'v', 'm')
    and has_table_privilege('public', c.oid, 'select, insert, update, delete, truncate, references, trigger')$$,
    'PUBLIC has no table'
);
select is_empty(
    $$select r.rolname from pg_catalog.pg_roles as r where r.rolname ~ '^trustcart_(agent|manager|admin|service|jobs|gateway)$'
    and has_schema_privilege(r.oid, 'trustcart_private', 'usage')$$,
    'nobody has the engine room'
);
select is_empty(
    $$select r.rolname, c.oid::regclass from pg_catalog.pg_roles as r cross join pg_catalog.pg_class as c
    inner join our_schemas as n on c.relnamespace = n.oid
    where r.rolname ~ '^trustcart_(agent|manager|admin|service|jobs|gateway)$' and c.relkind in ('r', 'p', 'v')
    and has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate')
    and not (c.relname = 'job_runs' and r.rolname in ('trustcart_jobs', 'trustcart_admin'))$$,
    'nobody writes a table directly, but the runs of jobs'
);
select set_eq(
    $$select c.relname::text from pg_catalog.pg_class as c where c.relnamespace = 'trustcart'::regnamespace
    and c.relkind in ('r', 'p', 'v') and not c.relispartition
    and not (has_table_privilege('trustcart_manager', c.oid, 'select')
        and has_table_privilege('trustcart_admin', c.oid, 'select'))$$,
    array['audit_checkpoints', 'audit_logs', 'audit_seals'],
    'managers and admins read all of trustcart, but the audit is the admins'''
);

insert into trustcart.customers (id, first_name, date_of_birth) values (1, 'A', '1990-01-01');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 95, 100, 'delivered');

-- The SQLSTATE of a statement run as a role; 00000 when it runs.
create function pg_temp.try_as(p_role text, p_statement text)
returns text language plpgsql as $$
begin
    execute format('set local role %I', p_role);
    execute p_statement;
    reset role;
    return '00000';
exception when others then
    reset role;
    return sqlstate;
end;
$$;

select is(pg_temp.try_as(t.role, t.statement), t.expected, format('%s: %s', t.role, t.statement))
from (
    values
    ('trustcart_service', 'select * from trustcart.customer_360_view', '00000'),
    ('trustcart_service', 'select * from trustcart.upcoming_birthdays_anniversaries', '00000'),
    ('trustcart_service', 'select * from trustcart.upcoming_events(400)', '00000'),
    ('trustcart_service', 'select notes from trustcart.customers', '42501'),
    ('trustcart_service', 'select * from trustcart.sales_orders', '42501'),
    ('trustcart_service', 'select trustcart_api.customer360(1)', '42501'),
    ('trustcart_service', 'select trustcart.refresh_customer_state()', '42501'),
    ('trustcart_service', 'update trustcart.customers set first_name = ''x''', '42501'),
    ('trustcart_manager', 'select trustcart_api.customer360(1)', '00000'),
    ('trustcart_manager', 'select trustcart_api.list_customer360()', '00000'),
    ('trustcart_manager', 'select trustcart_api.family_members(1)', '00000'),
    ('trustcart_manager', 'select trustcart_api.behavior(1)', '00000'),
    ('trustcart_manager', 'select trustcart_api.dropoff()', '00000'),
    ('trustcart_manager', 'select trustcart_api.upcoming_events(400)', '00000'),
    ('trustcart_manager', 'select trustcart_api.add_family_member(1, ''x'', ''child'', ''2001-02-03'')', '00000'),
    ('trustcart_manager', 'select * from trustcart.customer_state()', '00000'),
    ('trustcart_manager', 'select trustcart.refresh_customer_state()', '42501'),
    ('trustcart_manager', 'insert into trustcart.customers (first_name) values (''x'')', '42501'),
    ('trustcart_admin', 'select trustcart.refresh_customer_state()', '00000'),
    ('trustcart_admin', 'select trustcart_api.customer360(1)', '00000'),
    ('trustcart_jobs', 'select trustcart.detect_dropoffs()', '00000'),
    ('trustcart_jobs', 'select trustcart.refresh_customer_state()', '00000'),
    ('trustcart_jobs', 'insert into trustcart.job_runs (job_name, business_date) values (''detect_dropoffs'', ''2025-01-01'')', '00000'),
    ('trustcart_jobs', 'select * from trustcart.customers', '42501'),
    ('trustcart_service', 'select email from trustcart.customers', '42501'),
    ('trustcart_agent', 'select * from trustcart.customer_360_view', '00000'),
    ('trustcart_agent', 'select trustcart_api.customer360(1)', 'TC403'),
    ('trustcart_agent', 'select email from trustcart.users', '42501'),
    ('trustcart_agent', 'select trustcart_api.send_campaign(1)', '42501'),
    ('trustcart_gateway', 'select * from trustcart.customer_360_view', '42501'),
    ('trustcart_gateway', 'select trustcart_api.customer360(1)', '42501')
) as t (role, statement, expected);

select * from finish();
rollback;
