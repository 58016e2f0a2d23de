-- Rights that were taken away or added since, and objects of another owner.
begin;
select plan(9);
select results_eq(
    'select d.check_name, d.status from trustcart.doctor_rights() as d',
    $$ values ('grants', 'ok'), ('owner', 'ok') $$, 'after a migrate all is well'
);
create role doctor_test;
grant select on trustcart.customers to doctor_test;
select is((select d.status from trustcart.doctor_rights() as d where d.check_name = 'grants'), 'ok', 'a DBA''s own grants');

revoke select on trustcart.customers from trustcart_agent;
select is(
    (select array[d.status, d.finding] from trustcart.doctor_rights() as d where d.check_name = 'grants'),
    array['critical', 'taken away: select on table trustcart.customers for trustcart_agent'], 'what was taken away'
);
grant select on trustcart.customers to trustcart_agent;
grant execute on function trustcart.version() to public;
grant update (first_name) on trustcart.customers to trustcart_service;
grant usage on schema trustcart_private to trustcart_jobs;
select is(
    (select array[d.status, d.finding] from trustcart.doctor_rights() as d where d.check_name = 'grants'),
    array['warning', 'added: update on column first_name of trustcart.customers for trustcart_service, '
        'execute on function trustcart.version() for PUBLIC, usage on schema trustcart_private for trustcart_jobs'],
    'what was added'
);
revoke execute on function trustcart.version() from public;
revoke update (first_name) on trustcart.customers from trustcart_service;
revoke usage on schema trustcart_private from trustcart_jobs;
select is((select d.status from trustcart.doctor_rights() as d where d.check_name = 'grants'), 'ok', 'as they were');

alter view trustcart.customer_360_view owner to doctor_test;
select is(
    (select d.status from trustcart.doctor_rights() as d where d.check_name = 'owner'), 'critical', 'two owners are one too many'
);
select matches(
    (select d.finding from trustcart.doctor_rights() as d where d.check_name = 'owner'), 'doctor_test', 'and named'
);
select is(
    (select d.figures from trustcart.doctor_rights() as d where d.check_name = 'owner'),
    '[{"name": "trustcart_owners", "value": 2}]'::jsonb, 'and counted'
);
select is(
    (select count(*) from trustcart.doctor_rights() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;
