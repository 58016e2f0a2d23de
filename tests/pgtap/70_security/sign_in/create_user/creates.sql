-- A user is made whole or not at all: with the password's hash in its own place, the leader and the login role known.
begin;
select plan(21);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, role) values (900, 'Leader', 'crm_manager');
create role sign_in_test_agent_login login;
create role sign_in_test_group nologin;

select isnt(
    trustcart.create_user(
        ' Rima ', ' Rima@Example.com ', 'crm_agent', 900, 'sign_in_test_agent_login', pg_temp.hash('a')
    ),
    null, 'made'
);
select results_eq(
    'select name, email::text, role, team_leader_id, db_role, is_active from trustcart.users where id <> 900',
    $$values ('Rima', 'Rima@Example.com', 'crm_agent', 900::bigint, 'sign_in_test_agent_login', true)$$, 'as given'
);
select results_eq(
    $$select c.password_hash::text, c.failed_attempts from trustcart_private.user_credentials as c
    inner join trustcart.users as u on c.user_id = u.id where u.name = 'Rima'$$,
    $$values (pg_temp.hash('a'), 0)$$, 'the hash beside the user'
);
select hasnt_column('trustcart', 'users', 'password_hash', 'and not in users, which managers read');
select lives_ok(
    $$select trustcart.create_user(p_name => 'M', p_email => 'm@example.com', p_role => 'crm_manager')$$,
    'without a password'
);
select is(
    (
        select count(*) from trustcart_private.user_credentials as c
        inner join trustcart.users as u on c.user_id = u.id
        where u.name = 'M'
    ), 0::bigint, 'there is nothing to keep'
);

select throws_ok(format('select trustcart.create_user(%s)', t.arguments), t.sqlstate, t.message, t.why)
from (
    values
    ($$' ', 'x@example.com', 'admin'$$, 'TC003', 'name is required', 'nameless'),
    ($$'X', 'x@example.com', null$$, 'TC003', 'role is required', 'without a role'),
    ($$'X', null, 'admin'$$, 'TC003', 'email is required', 'who could never sign in'),
    ($$'X', null, 'admin', null, 'sign_in_test_agent_login', pg_temp.hash('a')$$, 'TC003', 'email is required',
        'a password without an address'),
    ($$'X', 'x@example.com', 'superuser'$$, 'TC002', '''superuser'' is not a role of a user', 'an unknown role'),
    ($$'X', 'x at example.com', 'admin'$$, 'TC005', 'email is not an e-mail address', 'no address'),
    ($$'X', 'x@example.com', 'admin', 77$$, 'TC004', 'there is no user 77 to lead the team', 'an unknown leader'),
    ($$'X', 'x@example.com', 'admin', null, 'sign_in_test_nobody'$$, 'TC004',
        'there is no login role ''sign_in_test_nobody''', 'an unknown login role'),
    ($$'X', 'x@example.com', 'admin', null, 'sign_in_test_group'$$, 'TC004',
        'there is no login role ''sign_in_test_group''', 'a role that cannot log in'),
    ($$'X', 'x@example.com', 'admin', null, null, 'correct horse battery staple'$$, 'TC005',
        'password_hash is not a hash by argon2id', 'the password itself'),
    ($$'X', 'rIMA@example.com', 'admin'$$, '23505', null, 'another user''s address, in another case'),
    ($$'X', null, 'admin', null, 'sign_in_test_agent_login'$$, '23505', null, 'another user''s login role')
) as t (arguments, sqlstate, message, why);
select is((select count(*) from trustcart.users), 3::bigint, 'and nobody is half made');

-- PUBLIC, managers and agents cannot.
select ok(
    not has_function_privilege(r.role, 'trustcart.create_user(text, text, text, bigint, text, text)', 'execute'),
    r.role || ' may not'
)
from (values ('trustcart_manager'), ('trustcart_gateway')) as r (role);

select * from finish();
rollback;
