-- Indexes, constraints, transaction ids, months and sizes.
begin;
select plan(18);
create function pg_temp.said(p_check text) returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_storage() as d where d.check_name = p_check $$;
select set_eq(
    'select d.check_name from trustcart.doctor_storage() as d',
    array['indexes', 'constraints', 'dead_rows', 'wraparound', 'partitions', 'default_partitions', 'disk'], 'the checks'
);
select is(pg_temp.said('indexes'), 'ok: all valid', 'indexes');
update pg_index set indisvalid = false where indexrelid = 'trustcart.sales_orders_customer_id_idx'::regclass;
select is(pg_temp.said('indexes'), 'warning: invalid: trustcart.sales_orders_customer_id_idx', 'one that speeds up');
update pg_index set indisvalid = false where indexrelid = 'trustcart.users_email_key'::regclass;
select matches(pg_temp.said('indexes'), '^critical: .*users_email_key', 'one that keeps something unique');
alter table trustcart.customers add constraint customers_test check (id <> 0) not valid;
select is(
    pg_temp.said('constraints'), 'warning: not validated: customers_test on trustcart.customers', 'half an upgrade'
);

select is(
    pg_temp.said('partitions'), 'warning: none of the next: audit_logs, crm_call_attempts, events', 'before any job ran'
);
select trustcart.ensure_event_partitions((now() at time zone 'UTC')::date);
select trustcart.ensure_audit_partitions((now() at time zone 'UTC')::date);
select trustcart.ensure_attempt_partitions((now() at time zone 'UTC')::date);
select is(pg_temp.said('partitions'), 'ok: 3 tables have those of this month and the next', 'after');
do $$ begin
    execute format('drop table trustcart.events_%s', to_char(now() at time zone 'UTC' + interval '1 month', 'YYYYMM'));
end; $$;
select is(pg_temp.said('partitions'), 'warning: none of the next: events', 'the job stood still');
insert into trustcart.events (occurred_at, event_type) values (now() - interval '400 days', 'long ago');
select is(pg_temp.said('default_partitions'), 'ok: hold nothing that belongs elsewhere', 'what is older than all months');
insert into trustcart.events (occurred_at, event_type) values (now() + interval '1 year', 'a clock that is ahead');
select is(pg_temp.said('default_partitions'), 'warning: rows of the future: events', 'of the future');
select trustcart.ensure_event_partitions((now() at time zone 'UTC' - interval '6 months')::date);
insert into trustcart.events (occurred_at, event_type)
values (date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '40 days', 'missed');
select matches(
    pg_temp.said('default_partitions'), 'rows of months that had no partition in time: events', 'of a month that was missed'
);

insert into trustcart_private.table_sizes (measured_on, table_name, bytes)
values (trustcart.business_date() - 10, 'trustcart.customers', 1000);
select matches(pg_temp.said('disk'), '^ok: .* a day more since ', 'how fast they grow');
select is(
    (select count(*) from trustcart.doctor_storage() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);

select matches(pg_temp.said('wraparound'), '^ok', 'young transaction ids');
update pg_class
set relfrozenxid = ((pg_current_xact_id()::text::bigint + 4294967296 - 600000000) % 4294967296)::text::xid
where oid = 'trustcart.products'::regclass;
select matches(pg_temp.said('wraparound'), '^warning: .*60\d{7} back, in trustcart.products$', 'old ones');
update pg_class
set relfrozenxid = ((pg_current_xact_id()::text::bigint + 4294967296 - 1600000000) % 4294967296)::text::xid
where oid = 'trustcart.products'::regclass;
select matches(pg_temp.said('wraparound'), '^critical', 'too old ones');

create or replace function trustcart_private.table_bytes() returns table (table_name text, bytes bigint)
language sql as $$ select 'trustcart.events', 20000000000 $$;
select matches(pg_temp.said('disk'), '^warning: 19 GB in our tables, mostly trustcart.events 19 GB; .* a day more', 'quickly');
update trustcart_private.table_sizes set bytes = 19999999000;
select matches(pg_temp.said('disk'), '^ok', 'large and steady');
select * from finish();
rollback;
