-- Few locks, shared among deliveries, exclusive for receipts.
begin;
select plan(3);

select trustcart_private.lock_provider_ids(array(select 'id ' || n from generate_series(1, 1000) as g (n)), true);
select cmp_ok(
    (select count(*) from pg_locks as l where l.pid = pg_backend_pid() and l.locktype = 'advisory' and l.classid = 7268004),
    '<=', 64::bigint, 'a large batch takes no more locks than there are buckets'
);
select is(
    (
        select count(*) from pg_locks as l
        where l.pid = pg_backend_pid() and l.classid = 7268004 and l.mode = 'ExclusiveLock'
    ), 0::bigint, 'deliveries share them'
);
select trustcart_private.lock_provider_ids(array['id 1', null], false);
select is(
    (
        select count(*) from pg_locks as l
        where l.pid = pg_backend_pid() and l.classid = 7268004 and l.mode = 'ExclusiveLock'
    ), 1::bigint, 'a receipt is alone with its own'
);

select * from finish();
rollback;
