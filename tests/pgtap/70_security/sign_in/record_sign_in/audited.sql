-- What became of how a user signs in is on record, with who did it, and nothing of the credentials.
begin;
select plan(5);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role) values (1, 'A', 'a@example.com', 'crm_agent');
create temporary table before as select coalesce(max(a.id), 0) as id from trustcart.audit_logs as a;
grant select on before to public;
create function pg_temp.logged() returns setof text language sql as $$
    select a.action || coalesce(' by ' || a.user_id, '')
    from trustcart.audit_logs as a
    where a.id > (select b.id from before as b) and a.table_name = 'users' and a.record_id = 1
    order by a.id;
$$;

select trustcart.set_user_password_hash(1, pg_temp.hash('x'));
update trustcart.settings set sign_in_max_failures = 2;
select trustcart.record_sign_in(1, false);
select trustcart.record_sign_in(1, false);
select trustcart.record_sign_in(1, false);
select trustcart.record_sign_in(1, true, clock_timestamp(), c.password_set_at)
from trustcart_private.user_credentials as c;
select trustcart.unlock_user(1);
select trustcart.unlock_user(1);
select trustcart.record_sign_in(1, true, clock_timestamp(), c.password_set_at)
from trustcart_private.user_credentials as c;
select trustcart.sign_out_user(1);
select results_eq(
    'select * from pg_temp.logged()',
    array['password_set', 'sign_in_failed', 'sign_in_locked', 'unlock', 'sign_in by 1', 'sign_out'],
    'each once: nothing of what a lock kept off, or of who was not locked'
);
select is_empty(
    $$select * from trustcart.audit_logs as a where a::text like '%argon2%'$$, 'and no hash'
);
select trustcart.record_sign_in(null, false);
select is((select count(*) from pg_temp.logged()), 6::bigint, 'an unknown address leaves nothing');

insert into trustcart.users (id, name, email, role) values (2, 'Boss', 'boss@example.com', 'admin');
select trustcart.act_as(2);
select trustcart.set_user_password_hash(
    1, '$argon2id$v=19$m=65536,t=3,p=4$' || repeat('d', 22) || '$' || repeat('h', 43)
);
select trustcart.change_user(1, p_name => 'Aa');
reset role;
select results_eq(
    'select l from pg_temp.logged() as l offset 6', array['password_set by 2', 'update by 2'], 'and who did it'
);
select set_config('request.jwt.claims', '', true);
select ok(
    (
        select bool_and(a.behalf and a.acting_role = 'trustcart_admin')
        from trustcart.audit_logs as a where a.user_id = 2
    ), 'as an admin, through a gateway'
);

select * from finish();
rollback;
