-- What a caller may not see is unknown, not well; whoever is in pg_monitor sees it.
begin;
select plan(5);
create role doctor_watcher login in role pg_monitor;
create role doctor_manager login in role trustcart_manager;
select results_eq(
    'select d.check_name, d.status from trustcart.doctor_server() as d',
    $$ values ('connections', 'ok'), ('long_transactions', 'ok'), ('blocked_sessions', 'ok'), ('replication', 'ok'),
    ('replication_slots', 'ok') $$,
    'a quiet server'
);
-- pgTAP's own functions cannot be called as another role.
create temporary table seen (role text, check_name text, status text, remedy text);
grant insert on seen to doctor_watcher, doctor_manager;
set local session authorization doctor_watcher;
insert into seen select 'watcher', d.check_name, d.status, d.remedy from trustcart.doctor_server() as d;
set local session authorization doctor_manager;
insert into seen select 'manager', d.check_name, d.status, d.remedy from trustcart.doctor_server() as d;
reset session authorization;
select set_eq(
    $$ select s.status from seen as s where s.role = 'watcher' $$, array['ok'], 'who watches sees all of it'
);
select is(tap.told('doctor_watcher', 'select id from trustcart.customers'), '42501', 'and no customer');
select results_eq(
    $$ select s.status, s.remedy from seen as s where s.role = 'manager' and s.check_name = 'long_transactions' $$,
    $$ values ('unknown', 'grant pg_monitor to doctor_manager;') $$, 'who may not see says so'
);
select set_eq(
    $$ select s.status from seen as s where s.role = 'manager' and s.check_name <> 'long_transactions' $$,
    array['ok'], 'and sees the rest'
);
select * from finish();
rollback;
