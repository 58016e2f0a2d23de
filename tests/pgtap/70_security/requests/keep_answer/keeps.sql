-- An answer is kept once, whole, and only within bounds.
begin;
select plan(9);

insert into trustcart.users (id, name, role, db_role) values (5, 'Agent', 'crm_agent', 'answers_agent');
create role answers_agent login in role trustcart_agent;
create role answers_nobody login in role trustcart_agent;

create function pg_temp.kept(
    p_key bytea, p_endpoint text, p_fingerprint bytea, p_status integer, p_answer bytea,
    p_login text default 'answers_agent'
) returns text
language sql as $$
    select tap.told(
        p_login,
        format('select trustcart.keep_answer(%L, %L, %L, %L, %L)', p_key, p_endpoint, p_fingerprint, p_status, p_answer)
    )
$$;

select is(pg_temp.kept(sha256('k'), 'POST /a', sha256('b'), 303, ''), '', 'an empty body is one');
select results_eq(
    'select user_id, endpoint, http_status, answer from trustcart_private.answered_requests',
    $$ values (5::bigint, 'POST /a', 303::smallint, ''::bytea) $$, 'under the user who asks'
);
select is(pg_temp.kept(sha256('k'), 'POST /a', sha256('b'), 303, ''), '23505', 'a key has one answer');
select is(pg_temp.kept(sha256('l'), 'POST /a', sha256('b'), 409, ''), 'TC005', 'what failed is not kept');
select is(pg_temp.kept('\x01', 'POST /a', sha256('b'), 201, ''), 'TC005', 'a digest has 32 bytes');
select is(pg_temp.kept(sha256('l'), repeat('x', 201), sha256('b'), 201, ''), 'TC005', 'an endpoint at most 200');
select is(
    pg_temp.kept(sha256('l'), 'POST /a', sha256('b'), 201, convert_to(repeat('x', 1048577), 'UTF8')), 'TC005',
    'an answer at most 1 MiB'
);
select is(pg_temp.kept(sha256('l'), 'POST /a', sha256('b'), 201, null), 'TC005', 'and there is one');
select is(
    pg_temp.kept(sha256('l'), 'POST /a', sha256('b'), 201, '', 'answers_nobody'), 'TC402', 'of somebody who is signed in'
);

select * from finish();
rollback;
