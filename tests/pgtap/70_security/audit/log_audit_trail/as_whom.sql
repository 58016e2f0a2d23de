-- Who did it: the user, the login role, the role whose rights were used, the application, and on whose behalf.
begin;
select plan(9);

create role audit_test_agent login in role trustcart_agent;
create role audit_test_web login in role trustcart_gateway;
create role audit_test_dba login superuser;
insert into trustcart.users (id, name, role, db_role) values (901, 'Agent', 'crm_agent', 'audit_test_agent');
insert into trustcart.users (id, name, role) values (902, 'Web agent', 'crm_agent'), (903, 'Boss', 'crm_manager');
insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 901), (2, 'B', 902);

create function pg_temp.last_log()
returns table (
    user_id bigint, action text, table_name text, db_role text, acting_role text, application text, behalf boolean
)
language sql security definer as $$
    select l.user_id, l.action, l.table_name, l.db_role, l.acting_role, l.application, l.behalf
    from trustcart.audit_logs as l order by l.id desc limit 1
$$;
-- What a session of that login role logs last; a gateway's acts as a user.
create function pg_temp.done_by(p_login text, p_user_id bigint, p_statement text)
returns setof record language plpgsql as $$
begin
    execute format('set local session authorization %I', p_login);
    if p_user_id is not null then
        perform trustcart.act_as(p_user_id);
    end if;
    execute p_statement;
    reset role;
    reset session authorization;
    set local request.jwt.claims = '';
    return query select * from pg_temp.last_log();
end;
$$;
set local application_name = 'pgtap';

prepare done (text, bigint, text) as
select * from pg_temp.done_by($1, $2, $3) as d (
    user_id bigint, action text, table_name text, db_role text, acting_role text, application text, behalf boolean
);
select results_eq(
    $s$ execute done('audit_test_agent', null, $$ select trustcart.set_contact_preferences(1, p_language => 'bn') $$) $s$,
    $$ values (901::bigint, 'insert', 'customer_contact_preferences', 'audit_test_agent', 'audit_test_agent', 'pgtap',
    false) $$,
    'an agent with a login, through a definer function'
);
select results_eq(
    $s$ execute done('audit_test_web', 902, $$ select trustcart_api.add_family_member(2, 'x', 'child') $$) $s$,
    $$ values (902::bigint, 'insert', 'customer_family_members', 'audit_test_web', 'trustcart_agent', 'pgtap', true) $$,
    'an agent behind the gateway'
);
select results_eq(
    $s$ execute done('audit_test_web', 903, $$ select trustcart_api.customer360(1) $$) $s$,
    $$ values (903::bigint, 'view', 'customers', 'audit_test_web', 'trustcart_manager', 'pgtap', true) $$,
    'a manager behind the gateway, who only looks'
);
select results_eq(
    $s$ execute done('audit_test_dba', null, $$ update trustcart.settings set vip_spend = 1 $$) $s$,
    $$ values (null::bigint, 'update', 'settings', 'audit_test_dba', 'audit_test_dba', 'pgtap', false) $$,
    'a DBA, by hand, who is no user'
);
select results_eq(
    $s$ execute done('audit_test_agent', null, $$
        set local request.jwt.claims = '{"sub": "902", "role": "crm_agent"}';
        select trustcart_api.customer360(1)
    $$) $s$,
    $$ values (901::bigint, 'view', 'customers', 'audit_test_agent', 'audit_test_agent', 'pgtap', false) $$,
    'claims of somebody who is no gateway say nothing'
);
select results_eq(
    $s$ execute done('audit_test_agent', null, $$ select * from trustcart.find_caller('01799999999') $$) $s$,
    $$ values (901::bigint, 'find_caller', 'customers', 'audit_test_agent', 'audit_test_agent', 'pgtap', false) $$,
    'who asked for a number, found or not'
);
select throws_ok(
    $s$ execute done('audit_test_agent', null, $$ select * from trustcart.audit_logs $$) $s$, '42501', null,
    'an agent does not read it'
);
reset session authorization;
select throws_ok(
    $s$ execute done('audit_test_web', 903, $$ select * from trustcart.audit_logs $$) $s$, '42501', null,
    'nor does a manager'
);
reset session authorization;
select throws_ok(
    $s$ execute done('audit_test_agent', null, $$ insert into trustcart.audit_logs (action) values ('view') $$) $s$,
    '42501', null, 'and nobody writes it by hand'
);

select * from finish();
rollback;
