-- A user is changed in what is given; who leaves hands over and is signed out for good.
begin;
select plan(25);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role, team_leader_id)
values (1, 'A', 'a@example.com', 'crm_agent', null), (2, 'B', null, 'crm_agent', null),
(3, 'Leader', 'l@example.com', 'crm_manager', null);
insert into trustcart.customers (id, first_name) values (1, 'X');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date());
create role sign_in_test_login login;

select lives_ok('select trustcart.change_user(1)', 'nothing given');
select lives_ok(
    $$select trustcart.change_user(1, p_name => ' Aa ', p_team_leader_id => 3, p_db_role => 'sign_in_test_login')$$,
    'some'
);
select results_eq(
    'select name, email::text, role, team_leader_id, db_role, is_active from trustcart.users where id = 1',
    $$values ('Aa', 'a@example.com', 'crm_agent', 3::bigint, 'sign_in_test_login', true)$$, 'the rest stays'
);
select lives_ok(
    $$select trustcart.change_user(1, p_email => 'aa@example.com', p_clear => '{team_leader_id,db_role}')$$, 'emptied'
);
select results_eq(
    'select email::text, team_leader_id, db_role from trustcart.users where id = 1',
    $$values ('aa@example.com', null::bigint, null)$$, 'those columns'
);
select lives_ok($$select trustcart.change_user(1, p_clear => '{email}')$$, 'the address');
select is((select email::text from trustcart.users where id = 1), null, 'emptied');

select throws_ok(format('select trustcart.change_user(%s)', t.arguments), t.sqlstate, t.message, t.why)
from (
    values
    ('null', 'TC003', 'user_id is required', 'whom?'),
    ('77', 'TC004', 'there is no user 77', 'nobody'),
    ($$1, p_name => ' '$$, 'TC003', 'name is required', 'nameless'),
    ($$1, p_role => 'boss'$$, 'TC002', '''boss'' is not a role of a user', 'an unknown role'),
    ($$1, p_email => 'nowhere'$$, 'TC005', 'email is not an e-mail address', 'no address'),
    ($$1, p_team_leader_id => 1$$, 'TC005', 'user 1 cannot lead a team of themselves', 'their own leader'),
    ($$1, p_team_leader_id => 77$$, 'TC004', 'there is no user 77 to lead the team', 'an unknown leader'),
    ($$1, p_db_role => 'sign_in_test_nobody'$$, 'TC004', 'there is no login role ''sign_in_test_nobody''',
        'an unknown login role'),
    ($$1, p_email => 'L@EXAMPLE.COM'$$, '23505', null, 'another user''s address'),
    ($$1, p_clear => '{name}'$$, 'TC002', '''name'' is nothing that a user can be without', 'the name'),
    ($$1, p_clear => '{email,null}'$$, 'TC002', null, 'what?')
) as t (arguments, sqlstate, message, why);

select lives_ok('select trustcart.change_user(1, p_is_active => false)', 'disabled');
select is((select assigned_agent_id from trustcart.crm_call_tasks where id = 1), 2::bigint, 'the calls go to others');
select isnt(
    (select tokens_valid_from from trustcart_private.user_credentials where user_id = 1), null, 'the sessions end'
);
select trustcart.change_user(1, p_is_active => true);
select isnt(
    (select tokens_valid_from from trustcart_private.user_credentials where user_id = 1),
    null, 'and stay ended when the user is enabled again'
);
select lives_ok($$select trustcart.change_user(2, p_role => 'other')$$, 'another role');
select is(
    (select assigned_agent_id from trustcart.crm_call_tasks where id = 1), 1::bigint, 'hands over as well'
);
select ok(
    not has_function_privilege(
        'trustcart_manager',
        'trustcart.change_user(bigint, text, text, text, bigint, text, boolean, text[])',
        'execute'
    ), 'managers may not'
);

select * from finish();
rollback;
