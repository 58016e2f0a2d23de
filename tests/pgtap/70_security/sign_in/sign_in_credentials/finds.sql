-- The gateway, and nobody else, gets the hash of who may sign in.
begin;
select plan(19);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role, is_active)
values (1, 'A', 'Agent@Example.com', 'crm_agent', true), (2, 'Left', 'left@example.com', 'crm_agent', false),
(3, 'Cook', 'cook@example.com', 'other', true), (4, 'New', 'new@example.com', 'admin', true),
(5, 'Nobody', null, 'admin', true);
select trustcart.set_user_password_hash(g.n, pg_temp.hash('x')) from generate_series(1, 3) as g (n);

select results_eq(
    $$select user_id, password_hash, locked_until, role, read_at
    from trustcart.sign_in_credentials(' aGENT@example.COM ', now())$$,
    $$values (1::bigint, pg_temp.hash('x'), null::timestamptz, 'crm_agent', now())$$, 'in any case'
);
select ok(
    (select read_at > password_set_at from trustcart.sign_in_credentials('agent@example.com')),
    'the clock, unless told'
);
select is_empty(format('select * from trustcart.sign_in_credentials(%L)', t.email), t.why)
from (
    values
    ('left@example.com', 'disabled'), ('cook@example.com', 'no CRM work'), ('new@example.com', 'no password yet'),
    ('who@example.com', 'unknown'), ('', 'nothing'), (null, 'null'), ('%@example.com', 'a pattern'),
    ($$' or true --$$, 'an injection')
) as t (email, why);

update trustcart_private.user_credentials
set failed_attempts = 5, last_failed_at = now(), locked_until = now() + interval '10 minutes'
where user_id = 1;
select is(
    (select locked_until from trustcart.sign_in_credentials('agent@example.com', now())),
    now() + interval '10 minutes', 'locked'
);
select is(
    (select locked_until from trustcart.sign_in_credentials('agent@example.com', now() + interval '10 minutes')),
    null, 'no longer'
);

select is(
    has_function_privilege(r.role, 'trustcart.sign_in_credentials(text, timestamptz)', 'execute'), r.may, r.role
)
from (
    values
    ('trustcart_gateway', true), ('trustcart_admin', false), ('trustcart_manager', false), ('trustcart_agent', false),
    ('trustcart_service', false), ('trustcart_jobs', false)
) as r (role, may);
select is_empty(
    $$select r.rolname from pg_catalog.pg_roles as r
    where r.rolname ~ '^trustcart_(agent|manager|admin|service|jobs|gateway)$'
    and (has_table_privilege(r.oid, 'trustcart_private.user_credentials', 'select, insert, update, delete')
        or has_any_column_privilege(r.oid, 'trustcart_private.user_credentials', 'select, insert, update'))$$,
    'nobody reads the table of them'
);

select * from finish();
rollback;
