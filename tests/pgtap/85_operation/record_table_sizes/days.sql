-- A size a table and day, partitions with their table; a day again is written again, and old days go.
begin;
select plan(6);
select is(
    (trustcart.record_table_sizes('2025-12-01') ->> 'tables')::bigint,
    (
        select count(*)
        from pg_class as c
        where
            c.relnamespace::regnamespace::text in ('trustcart', 'trustcart_private')
            and c.relkind in ('r', 'p') and not c.relispartition
    ),
    'every table, and each once'
);
select set_has(
    'select t.table_name from trustcart_private.table_sizes as t',
    $$ values ('trustcart.customers'), ('trustcart.events') $$, 'those with partitions as one'
);
select is(
    trustcart.record_table_sizes('2025-12-01') ->> 'tables',
    (select count(*)::text from trustcart_private.table_sizes), 'a day again is written again'
);
select is(
    (select sum(t.bytes) from trustcart_private.table_sizes as t where t.table_name = 'trustcart.customers'),
    pg_total_relation_size('trustcart.customers')::numeric, 'with their indexes'
);
select trustcart.record_table_sizes('2027-01-06');
select results_eq(
    'select distinct t.measured_on from trustcart_private.table_sizes as t', array['2027-01-06'::date],
    'after 400 days they go'
);
select throws_ok($$ select trustcart.record_table_sizes('infinity') $$, 'TC001', null, 'no date');
select * from finish();
rollback;
