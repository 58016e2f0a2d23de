-- A value is found in any column of any table, in any writing, and shown masked.
begin;
select plan(9);

insert into trustcart.customers (id, first_name, phone, notes, date_of_birth) values
(1, 'RAHIMA', '01711-000111', 'a "quoted" word', '1990-05-17');
insert into trustcart.events (event_type, customer_id, payload) values
('x', 1, '{"deep": ["rahima \"quoted\"", {"number": "+880 1711 000 111"}]}');
create function pg_temp.where_is(variadic p_values text[])
returns setof text language sql as $$
    select t.table_name || '.' || t.column_name from trustcart.find_personal_traces(p_values) as t
$$;
select set_eq(
    $$ select pg_temp.where_is('Rahima') $$,
    $$ values ('trustcart.customers.first_name'), ('trustcart_private.customer_words.word'),
    ('trustcart.events_default.payload') $$,
    'whatever the case'
);
select set_eq(
    $$ select pg_temp.where_is('০১৭১১০০০১১১') $$,
    $$ values ('trustcart.customers.phone'), ('trustcart.customers.phone_e164'),
    ('trustcart_private.phone_book.phone_e164'), ('trustcart.events_default.payload') $$,
    'a number by its digits'
);
select set_eq(
    $$ select pg_temp.where_is('"quoted"') $$,
    $$ values ('trustcart.customers.notes'), ('trustcart.events_default.payload') $$, 'as JSON writes it'
);
select set_has(
    $$ select pg_temp.where_is('1990-05-17') $$,
    $$ values ('trustcart.customers.date_of_birth'), ('trustcart.customer_event_days.occurred_on') $$, 'dates too'
);
insert into trustcart.audit_logs (action, payload_digest, erased_at) values ('x', 'digest of rahima', now());
select set_has(
    $$ select pg_temp.where_is('rahima') $$, $$ values ('trustcart.audit_logs_default.payload_digest') $$, 'and bytes'
);
select is_empty($$ select pg_temp.where_is('%_ahima') $$, 'no pattern');
select is_empty(
    $$ select t.excerpt from trustcart.find_personal_traces(array['rahima', '01711000111']) as t
    where t.excerpt ~* 'rahima' or t.excerpt ~ '1711' $$, 'masked'
);
select throws_ok($$ select trustcart.find_personal_traces(array['ab']) $$, 'TC005', null, 'two letters are everywhere');
select throws_ok($$ select trustcart.find_personal_traces(null) $$, 'TC005', null, 'nothing to search for');

select * from finish();
rollback;
