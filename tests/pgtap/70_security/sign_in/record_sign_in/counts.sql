-- Wrong passwords in a row lock for a time; a right one ends the count, unless it comes too late.
begin;
select plan(33);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role) values (1, 'A', 'a@example.com', 'crm_agent'),
(2, 'B', 'b@example.com', 'crm_agent');
select trustcart.set_user_password_hash(g.n, pg_temp.hash('x')) from generate_series(1, 2) as g (n);
create function pg_temp.set_at() returns timestamptz language sql
return (select c.password_set_at from trustcart_private.user_credentials as c where c.user_id = 1);

select results_eq(
    format(
        'select * from trustcart.record_sign_in(1, false, %L)',
        timestamptz '2026-01-01 10:00+00' + g.n * interval '1 s'
    ),
    'values (false, null::timestamptz)', format('wrong %s', g.n)
)
from generate_series(1, 4) as g (n);
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, %L, %L)', '2026-01-01 10:00:05+00', pg_temp.set_at()),
    'values (true, null::timestamptz)', 'right at the fifth'
);
select results_eq(
    'select failed_attempts, last_sign_in_at from trustcart_private.user_credentials where user_id = 1',
    $$values (0, '2026-01-01 10:00:05+00'::timestamptz)$$, 'begins the count anew'
);
select results_eq(
    format(
        'select * from trustcart.record_sign_in(1, false, %L)',
        timestamptz '2026-01-01 11:00+00' + g.n * interval '1 s'
    ),
    format('values (false, %L::timestamptz)', case when g.n = 5 then '2026-01-01 11:15:05+00' end),
    format('wrong %s', g.n)
)
from generate_series(1, 5) as g (n);
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, %L, %L)', '2026-01-01 11:15:04+00', pg_temp.set_at()),
    $$values (false, '2026-01-01 11:15:05+00'::timestamptz)$$, 'the right one is not accepted while it holds'
);
select results_eq(
    $$select * from trustcart.record_sign_in(1, false, '2026-01-01 11:10+00')$$,
    $$values (false, '2026-01-01 11:15:05+00'::timestamptz)$$, 'and wrong ones do not make it longer'
);
select is((select failed_attempts from trustcart_private.user_credentials where user_id = 1), 5, 'nor are counted');
select results_eq(
    $$select * from trustcart.record_sign_in(1, false, '2026-01-01 11:15:05+00')$$,
    'values (false, null::timestamptz)', 'it ran out: wrong again does not lock at once'
);
select results_eq(
    'select failed_attempts, locked_until from trustcart_private.user_credentials where user_id = 1',
    'values (1, null::timestamptz)', 'but counts as the first'
);
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, %L, %L)', '2026-01-01 11:15:06+00', pg_temp.set_at()),
    'values (true, null::timestamptz)', 'right'
);
select is((select failed_attempts from trustcart_private.user_credentials where user_id = 2), 0, 'of nobody else');

-- What is not accepted though the password was right.
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, now(), %L)', t.set_at), 'values (false, null::timestamptz)',
    t.why
)
from (
    values
    (null::timestamptz, 'without saying which password it was'),
    (pg_temp.set_at() - interval '1 microsecond', 'an older one')
) as t (set_at, why);
update trustcart.users set is_active = false where id = 1;
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, now(), %L)', pg_temp.set_at()),
    'values (false, null::timestamptz)', 'of a disabled user'
);
update trustcart.users set is_active = true, role = 'other' where id = 1;
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, now(), %L)', pg_temp.set_at()),
    'values (false, null::timestamptz)', 'of one without CRM work'
);
update trustcart.users set role = 'crm_agent' where id = 1;
select results_eq(
    'select * from trustcart.record_sign_in(1, null, now())', 'values (false, null::timestamptz)', 'null is no success'
);
select is((select failed_attempts from trustcart_private.user_credentials where user_id = 1), 1, 'and counted');
select results_eq(
    'select * from trustcart.record_sign_in(77, true, now())', 'values (false, null::timestamptz)', 'nobody'
);
select results_eq(
    'select * from trustcart.record_sign_in(null, false)', 'values (false, null::timestamptz)', 'an unknown address'
);

-- The same password, hashed anew.
select results_eq(
    format('select * from trustcart.record_sign_in(1, true, now(), %L, pg_temp.hash(''new''))', pg_temp.set_at()),
    'values (true, null::timestamptz)', 'rehashed'
);
select is(
    (select password_hash::text from trustcart_private.user_credentials where user_id = 1), pg_temp.hash('new'), 'kept'
);
select throws_ok(
    format('select * from trustcart.record_sign_in(1, true, now(), %L, ''correct horse'')', pg_temp.set_at()),
    '23514', null, 'but nothing else'
);

-- The rule is that of the settings.
update trustcart.settings set sign_in_max_failures = 1, sign_in_lock_minutes = 60;
select results_eq(
    $$select * from trustcart.record_sign_in(2, false, '2026-01-01 10:00+00')$$,
    $$values (false, '2026-01-01 11:00+00'::timestamptz)$$, 'the first locks for an hour'
);
select is(
    has_function_privilege(
        r.role, 'trustcart.record_sign_in(bigint, boolean, timestamptz, timestamptz, text)', 'execute'
    ), r.may, r.role
)
from (values ('trustcart_gateway', true), ('trustcart_admin', false), ('trustcart_agent', false)) as r (role, may);

select * from finish();
rollback;
