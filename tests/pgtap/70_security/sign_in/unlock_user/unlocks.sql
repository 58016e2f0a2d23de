-- An admin lifts a lock before its time.
begin;
select plan(8);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role) values (1, 'A', 'a@example.com', 'crm_agent'),
(2, 'B', 'b@example.com', 'crm_agent');
select trustcart.set_user_password_hash(1, pg_temp.hash('x'));
update trustcart_private.user_credentials
set failed_attempts = 5, last_failed_at = now(), locked_until = now() + interval '10 minutes';

select isnt((select locked_until from trustcart.sign_in_credentials('a@example.com')), null, 'locked');
select is(trustcart.unlock_user(1), true, 'it was');
select results_eq(
    'select failed_attempts, locked_until, password_hash::text from trustcart_private.user_credentials',
    $$values (0, null::timestamptz, pg_temp.hash('x'))$$, 'it is not; the password holds'
);
select is(trustcart.unlock_user(1), false, 'nothing to lift');
select is(trustcart.unlock_user(2), false, 'of who has no password');
select throws_ok('select trustcart.unlock_user(7)', 'TC004', null, 'nobody');
select throws_ok('select trustcart.unlock_user(null)', 'TC003', null, 'whom?');
select ok(not has_function_privilege('trustcart_manager', 'trustcart.unlock_user(bigint)', 'execute'), 'not managers');

select * from finish();
rollback;
