-- Only a hash by argon2id is stored; it lifts a lock and ends the sessions.
begin;
select plan(18);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email) values (1, 'A', 'a@example.com');
select lives_ok($$select trustcart.set_user_password_hash(1, pg_temp.hash('one'))$$, 'the first');
create temporary table first_time as select * from trustcart_private.user_credentials where user_id = 1;
select ok((select tokens_valid_from >= now() from first_time), 'tokens of before are refused from now on');

update trustcart_private.user_credentials
set failed_attempts = 5, last_failed_at = now(), locked_until = now() + interval '10 minutes';
select lives_ok($$select trustcart.set_user_password_hash(1, pg_temp.hash('two'))$$, 'another, of a locked user');
select results_eq(
    'select password_hash::text, failed_attempts, locked_until from trustcart_private.user_credentials',
    $$values (pg_temp.hash('two'), 0, null::timestamptz)$$, 'holds, and the lock does not'
);
select ok(
    (
        select c.password_set_at > f.password_set_at and c.tokens_valid_from > f.tokens_valid_from
        from trustcart_private.user_credentials as c cross join first_time as f
    ), 'later than the first, though in one transaction'
);

select throws_ok(
    format('select trustcart.set_user_password_hash(1, %L)', t.hash),
    'TC005', 'password_hash is not a hash by argon2id', t.why
)
from (
    values
    ('correct horse battery staple', 'a password'),
    ('', 'nothing'),
    ('$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', 'bcrypt'),
    (replace(pg_temp.hash('x'), 'argon2id', 'argon2i'), 'argon2i'),
    (replace(pg_temp.hash('x'), 'argon2id', 'argon2d'), 'argon2d'),
    (pg_temp.hash('x') || E'\nmore', 'a hash and more'),
    ('password ' || pg_temp.hash('x'), 'a password and its hash'),
    ('$argon2id$correct horse battery staple', 'a beginning that deceives')
) as t (hash, why);
select throws_ok('select trustcart.set_user_password_hash(1, null)', 'TC003', null, 'no hash');
select throws_ok($$select trustcart.set_user_password_hash(7, pg_temp.hash('x'))$$, 'TC004', null, 'nobody');
select throws_ok($$select trustcart.set_user_password_hash(null, pg_temp.hash('x'))$$, 'TC003', null, 'whose?');

-- The table itself refuses, and no message says what.
create function pg_temp.detail_of(p_statement text) returns text language plpgsql as $$
declare
    v_message text; v_detail text; v_hint text; v_context text;
begin
    execute p_statement;
    return 'stored';
exception when others then
    get stacked diagnostics
        v_message = message_text, v_detail = pg_exception_detail, v_hint = pg_exception_hint,
        v_context = pg_exception_context;
    -- The statement is the caller's own.
    return concat_ws('|', sqlstate, v_message, v_detail, v_hint);
end;
$$;
select is(
    pg_temp.detail_of(
        $$update trustcart_private.user_credentials set password_hash = 'correct horse battery staple'$$
    ),
    '23514|value for domain trustcart_private.password_hash violates check constraint "password_hash_argon2id"||',
    'a plain update, without a word of it'
);
select unalike(
    pg_temp.detail_of($$select trustcart.set_user_password_hash(1, 'correct horse battery staple')$$),
    '%horse%', 'the function neither'
);

select * from finish();
rollback;
