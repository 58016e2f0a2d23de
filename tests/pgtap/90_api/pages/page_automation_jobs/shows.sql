-- The jobs, what needs looking into first, and their runs.
begin;
select plan(7);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.job_runs (job_name, business_date, status, started_at, finished_at, error_sqlstate, error_message) values
('detect_dropoffs', trustcart.business_date(), 'failed', now() - interval '3 hours', now(), 'TC301', 'disk full'),
('refresh_customer_state', trustcart.business_date() - 5, 'succeeded', now() - interval '5 days', now() - interval '5 days', null, null),
('detect_dropoffs', trustcart.business_date(), 'succeeded', now() - interval '2 seconds', now(), null, null),
('apply_retention', trustcart.business_date(), 'succeeded', now(), now(), null, null),
('apply_retention', trustcart.business_date(), 'failed', now(), now(), '57014', 'cancelled');
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_jobs() as p;
reset session authorization;
select is((select p -> 'jobs' -> 0 ->> 'job_name' from page), 'refresh_customer_state', 'the overdue first');
select is((select p -> 'jobs' -> 1 ->> 'last_error' from page), 'cancelled', 'then the failed, with the error');
select ok((select p -> 'runs' -> 4 from page) @> '{"job_name": "detect_dropoffs", "status": "failed", "error_message": "disk full"}', 'each run');
select is((select p -> 'runs' -> 2 ->> 'seconds' from page), '2.00', 'how long it took');
select is(told('boss', $$select jsonb_array_length(trustcart_api.page_automation_jobs('detect_dropoffs') -> 'runs')$$), '2', 'of one job');
select is(told('boss', $$select trustcart_api.page_automation_jobs(null, null, 2) ->> 'next_before'$$),
    (select min(r.id)::text from (select x.id from trustcart.job_runs as x order by x.id desc limit 2) as r), 'page by page');
select is(told('one', 'select trustcart_api.page_automation_jobs()') || told('boss', $$select trustcart_api.page_automation_jobs('tea')$$),
    '42501TC002', 'refused');

select * from finish();
rollback;
