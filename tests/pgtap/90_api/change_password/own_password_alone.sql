-- One's own password is changed after signing in with the present one, just now: that ends all sessions, and is audited.
begin;
select plan(12);

create role agent_one login in role trustcart_agent;
create role boss login in role trustcart_manager;
create role web login in role trustcart_gateway;
insert into trustcart.users (id, name, email, db_role, role) values
(1, 'One', 'one@example.com', 'agent_one', 'crm_agent'), (4, 'Boss', 'boss@example.com', 'boss', 'crm_manager');
create function pg_temp.hash(p_of text)
returns text
language sql
return '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$' || encode(sha256(p_of::bytea), 'hex');
select trustcart.set_user_password_hash(u.id, pg_temp.hash('old')) from trustcart.users as u;
create function pg_temp.sign_in(p_at timestamptz)
returns boolean
language sql
begin atomic
    select r.is_accepted
    from trustcart.sign_in_credentials('one@example.com', p_at) as s
    cross join lateral trustcart.record_sign_in(s.user_id, true, s.read_at, s.password_set_at) as r;
end;
create function pg_temp.change(p_login text, p_at timestamptz)
returns text
language sql
return told(
    p_login, format('select trustcart_api.change_password(%L, %L) ? ''tokens_valid_from''', pg_temp.hash('new'), p_at)
);
create function pg_temp.is_new()
returns boolean
language sql
return (
    select c.password_hash = pg_temp.hash('new') from trustcart_private.user_credentials as c where c.user_id = 1
);

select is(pg_temp.change('agent_one', clock_timestamp()), 'TC403', 'not without signing in');
select ok(pg_temp.sign_in(clock_timestamp() - interval '61 seconds'), 'signed in a minute ago');
select is(
    pg_temp.change('agent_one', (select last_sign_in_at from trustcart_private.user_credentials where user_id = 1)),
    'TC403',
    'which is too long ago'
);
select ok(pg_temp.sign_in(clock_timestamp()), 'signed in');
select is(pg_temp.change('agent_one', clock_timestamp()), 'TC403', 'at another instant');
select is(
    pg_temp.change('boss', (select last_sign_in_at from trustcart_private.user_credentials where user_id = 1)),
    'TC403',
    'somebody else'
);
select ok(not pg_temp.is_new(), 'nothing is changed so far');
select is(
    pg_temp.change('agent_one', (select last_sign_in_at from trustcart_private.user_credentials where user_id = 1)),
    'true',
    'at that instant, who signed in'
);
select ok(pg_temp.is_new(), 'has another password');
select is(
    told('web', 'select trustcart.act_as(1, now() - interval ''1 second'')'), 'TC402', 'and no session of before'
);
select is(
    (select array_agg(l.user_id) from trustcart.audit_logs as l where l.action = 'password_set' and l.user_id = 1),
    array[1::bigint],
    'in the audit, who did it'
);
update trustcart.users set is_active = false where id = 1;
select is(pg_temp.change('agent_one', clock_timestamp()), 'TC402', 'a disabled user is nobody');

select * from finish();
rollback;
