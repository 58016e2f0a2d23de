-- Nothing adopted, half-way, live, without triggers, with a quarantine.
begin;
select plan(7);
create function pg_temp.said(p_check text) returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_adoption() as d where d.check_name = p_check $$;
select is(pg_temp.said('adoption'), 'ok: no tables are adopted', 'nothing adopted');
select is(pg_temp.said('quarantine'), 'ok: nothing is in the quarantine', 'nothing in the quarantine');

create schema erp_of_test;
create table erp_of_test.orders (id bigint);
create function erp_of_test.nothing() returns trigger language plpgsql as $$ begin return null; end; $$;
create trigger trustcart_adopt_orders_insert after insert on erp_of_test.orders
for each statement execute function erp_of_test.nothing();
insert into trustcart_private.adoptions (mapping_name, mapping, rendered_sha256, package_version, time_zone, state)
values ('erp.toml', '', '', '0.2.0', 'Asia/Dhaka', 'backfilling');
insert into trustcart_private.adoption_sources (
    entity, slot, source_name, source_table, columns, optional_columns, definition_sha256, rows_done
)
values ('orders', 0, 'orders', 'erp_of_test.orders', '{}', '{}', '', 10);
select is(
    pg_temp.said('adoption'), 'warning: stands half-way: the past of 0 of 1 tables has come over', 'broken off, or going on'
);
update trustcart_private.adoption_sources set done_at = now();
update trustcart_private.adoptions set state = 'live', live_at = now();
select is(pg_temp.said('adoption'), 'ok: 1 tables are followed', 'live');
insert into trustcart_private.adoption_quarantine (entity, slot, source_key, column_name, sqlstate, message)
values ('orders', 0, 7, '', '22P02', 'no status');
select is(pg_temp.said('quarantine'), 'warning: 1 of erp_of_test.orders', 'what could not come over');
drop trigger trustcart_adopt_orders_insert on erp_of_test.orders;
select is(
    pg_temp.said('adoption'), 'critical: live, but without triggers on erp_of_test.orders', 'as after a restore'
);
select is(
    (select count(*) from trustcart.doctor_adoption() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;
