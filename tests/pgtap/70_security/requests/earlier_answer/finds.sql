-- What a request with an Idempotency-Key was answered: of the same user, key, endpoint and body, and of nothing else.
begin;
select plan(12);

insert into trustcart.users (id, name, role, db_role) values
(5, 'Agent', 'crm_agent', 'answers_agent'), (6, 'Other', 'crm_agent', 'answers_other');
create role answers_agent login in role trustcart_agent;
create role answers_other login in role trustcart_agent;
create role answers_manager login in role trustcart_manager;

create function pg_temp.asked(p_login text, p_key text, p_endpoint text, p_body text) returns text
language sql as $$
    select tap.told(
        p_login,
        format(
            'select http_status || '' '' || convert_from(answer, ''UTF8'') '
            'from trustcart.earlier_answer(sha256(%L), %L, sha256(%L))',
            p_key, p_endpoint, p_body
        )
    )
$$;

select is(pg_temp.asked('answers_agent', 'k', 'POST /a', 'b'), 'null', 'a new key has no answer');
select is(
    tap.told('answers_agent', $$ select trustcart.keep_answer(sha256('k'), 'POST /a', sha256('b'), 201, 'sealed') $$),
    '', 'its answer is kept'
);
select is(pg_temp.asked('answers_agent', 'k', 'POST /a', 'b'), '201 sealed', 'and found');
select is(pg_temp.asked('answers_agent', 'k', 'POST /a', 'c'), 'TC106', 'not for another body');
select is(pg_temp.asked('answers_agent', 'k', 'POST /b', 'b'), 'TC106', 'nor for another endpoint');
select is(pg_temp.asked('answers_agent', 'l', 'POST /a', 'b'), 'null', 'another key is another request');
select is(pg_temp.asked('answers_other', 'k', 'POST /a', 'b'), 'null', 'so is the key of another user');
select is(pg_temp.asked('answers_manager', 'k', 'POST /a', 'b'), 'TC402', 'keys are of users: this login is none');
select is(
    tap.told('answers_agent', $$ select trustcart.earlier_answer('\x01', 'POST /a', sha256('b')) $$), 'TC005',
    'a key that is no digest'
);
select is(
    tap.told('answers_agent', $$ select trustcart.earlier_answer(sha256('k'), 'POST /a', null) $$), 'TC005',
    'no fingerprint'
);
select is(
    tap.told('answers_agent', 'select count(*) from trustcart_private.answered_requests'), '42501',
    'nobody reads the table itself'
);
delete from trustcart.users where id = 5;
select is_empty('select * from trustcart_private.answered_requests', 'answers go with their user');

select * from finish();
rollback;
