-- The lookup reads one number of the book, not the book.
begin;
select plan(1);

insert into trustcart.customers (phone)
select '017' || lpad(n::text, 8, '0') from generate_series(1, 2000) as g (n);
analyze trustcart_private.phone_book;

create function pg_temp.index_reads()
returns bigint language sql as $$
    select pg_stat_get_xact_numscans('trustcart_private.phone_book_phone_e164_idx'::regclass)
$$;
create function pg_temp.table_reads()
returns bigint language sql as $$
    select pg_stat_get_xact_numscans('trustcart_private.phone_book'::regclass)
$$;
create temporary table before as select pg_temp.index_reads() as index_reads, pg_temp.table_reads() as table_reads;
select count(*) from trustcart.find_caller('01700000077');
select results_eq(
    $$ select pg_temp.index_reads() - b.index_reads, pg_temp.table_reads() - b.table_reads from before as b $$,
    $$ values (1::bigint, 0::bigint) $$, 'one index scan, no sequential scan'
);

select * from finish();
rollback;
