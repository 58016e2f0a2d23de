-- Somebody looked at a customer: by the API, by the number that rings, or as a service says.
begin;
select plan(14);

insert into trustcart.customers (id, first_name, phone) values (1, 'A', '01711111111'), (2, 'B', '01711111111');
create temporary view looks as
select l.action, l.table_name, l.record_id, l.customer_id, l.new_values
from trustcart.audit_logs as l
where l.action not in ('insert', 'update');

select trustcart_api.customer360(1);
select results_eq(
    'select * from looks', $$ values ('view', 'customers', 1::bigint, 1::bigint, null::jsonb) $$, 'customer360'
);
select throws_ok('select trustcart_api.customer360(99)', 'TC004', null, 'of nobody');
select is((select count(*) from looks), 1::bigint, 'there is nothing to see, and nothing logged');
select trustcart.log_access(2, 'print');
select is((select count(*) from looks where action = 'print' and customer_id = 2), 1::bigint, 'what a service says');
select throws_ok('select trustcart.log_access(null)', 'TC003', null, 'no customer');
select throws_ok($$ select trustcart.log_access(1, 'erase') $$, 'TC005', null, 'only looking');
select customer_id from trustcart.find_caller('01711111111');
select set_eq(
    $$ select customer_id, new_values from looks where action = 'find_caller' $$,
    $$ select v.id, jsonb_build_object('phone', trustcart_private.mask_address('+8801711111111'))
    from (values (1::bigint), (2)) as v (id) $$,
    'find_caller: each customer found, and the number, masked'
);
select customer_id from trustcart.find_caller('01799999999');
select is(
    (select count(*) from looks where action = 'find_caller' and customer_id is null and record_id is null), 1::bigint,
    'or that nobody was'
);

-- An agent's own customers alone, and of somebody who is known.
create role audit_test_agent login in role trustcart_agent;
create role audit_test_nobody login in role trustcart_agent;
create role audit_test_left login in role trustcart_agent;
insert into trustcart.users (id, name, role, db_role, is_active) values
(901, 'Agent', 'crm_agent', 'audit_test_agent', true), (902, 'Left', 'crm_agent', 'audit_test_left', false);
update trustcart.customers set assigned_agent_id = 901 where id = 1;
create function pg_temp.as_login(p_login text, p_statement text)
returns void language plpgsql as $$
begin
    execute format('set local session authorization %I', p_login);
    execute p_statement;
    reset session authorization;
end;
$$;
select lives_ok($$ select pg_temp.as_login('audit_test_agent', 'select trustcart.log_access(1)') $$, 'an agent''s own');
select throws_ok(
    $$ select pg_temp.as_login('audit_test_agent', 'select trustcart.log_access(2)') $$, 'TC403', null, 'not another''s'
);
select throws_ok(
    format('select pg_temp.as_login(%L, %L)', r.login, s.statement), 'TC402', 'nobody is signed in',
    format('%s: %s', r.login, s.statement)
)
from (values ('audit_test_nobody'), ('audit_test_left')) as r (login)
cross join (
    values ('select trustcart.log_access(1)'), ('select * from trustcart.find_caller(''01711111111'')')
) as s (statement);

select * from finish();
rollback;
