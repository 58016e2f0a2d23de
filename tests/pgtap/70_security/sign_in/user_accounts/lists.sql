-- What an admin sees of who signs in how: never a hash.
begin;
select plan(5);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role, is_active)
values (1, 'A', 'a@example.com', 'crm_agent', true), (2, 'B', null, 'other', false);
select trustcart.set_user_password_hash(1, pg_temp.hash('x'));
update trustcart_private.user_credentials
set failed_attempts = 5, last_failed_at = now(), locked_until = now() + interval '10 minutes';

select results_eq(
    'select user_id, name, email, role, is_active, has_password, failed_attempts, locked_until
    from trustcart.user_accounts()',
    $$values (1::bigint, 'A', 'a@example.com', 'crm_agent', true, true, 5, now() + interval '10 minutes'),
    (2, 'B', null, 'other', false, false, 0, null)$$, 'everybody'
);
select is(
    (select locked_until from trustcart.user_accounts(now() + interval '10 minutes') where user_id = 1),
    null, 'a lock that ran out is none'
);
select ok(
    (select bool_and(a::text not like '%argon2%') from trustcart.user_accounts() as a), 'no hash'
);
select is(has_function_privilege(r.role, 'trustcart.user_accounts(timestamptz)', 'execute'), r.may, r.role)
from (values ('trustcart_admin', true), ('trustcart_manager', false)) as r (role, may);

select * from finish();
rollback;
