-- Any filters, in either order: a page is read by index, and sorts a few rows of each kind only.
begin;
select plan(3);

insert into trustcart.customers (id) select g.n from generate_series(1, 3000) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1 + g.n % 2500, trustcart.business_date() - g.n % 200, g.n % 997, 'delivered'
from generate_series(1, 6000) as g (n);
analyze trustcart.customers;

create function pg_temp.rows_read()
returns bigint language sql as $$
    select s.idx_tup_read + t.seq_tup_read from pg_stat_xact_user_tables as t
    cross join lateral (select coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0) as idx_tup_read
        from pg_index as i where i.indrelid = t.relid) as s
    where t.relid = 'trustcart.customers'::regclass
$$;

create temporary table readings as
select
    a.*,
    f.next_cursor as after,
    0::bigint as rows_read
from (
    select t.type, s.stage, l.temperature, o.sort
    from unnest(array[null, 'new', 'repeat', 'vip', 'inactive']) as t (type)
    cross join unnest(array[null, 'prospect', 'new', 'active', 'at_risk', 'churned']) as s (stage)
    cross join unnest(array[null, 'hot', 'warm', 'cold']) as l (temperature)
    cross join unnest(array['lifetime_value', 'last_order_date']) as o (sort)
) as a
cross join lateral trustcart.find_customers(null, a.type, a.stage, a.temperature, a.sort, p_limit => 10) as f;
-- The first page, one after it, one far down among those who have spent nothing, and one past those who have.
insert into readings
select r.type, r.stage, r.temperature, r.sort, e.after, 0
from (select distinct r.type, r.stage, r.temperature, r.sort from readings as r) as r
cross join lateral (
    values (null), (case when r.sort = 'lifetime_value' then '0_2900' else '_2900' end),
    (case when r.sort = 'lifetime_value' then '0.01_7' else (trustcart.business_date() - 199) || '_1' end)
) as e (after);
do $$
declare
    v_asked record;
    v_before bigint;
begin
    for v_asked in select r.ctid as place, r.* from readings as r loop
        -- Asked twice: the first passes over what other tests left in the indexes and rolled back, and marks it dead.
        for v_time in 1..2 loop
            v_before := pg_temp.rows_read();
            perform f.customer_ids
            from trustcart.find_customers(
                null, v_asked.type, v_asked.stage, v_asked.temperature, v_asked.sort, v_asked.after, 10
            ) as f;
        end loop;
        update readings as r set rows_read = pg_temp.rows_read() - v_before where r.ctid = v_asked.place;
    end loop;
end;
$$;
-- By value and several labels up to 2,000 are sorted, so they are counted and read: here, all who have both.
select is_empty(
    $$select * from readings as r
    where r.rows_read > 300 and (r.sort <> 'lifetime_value' or num_nonnulls(r.type, r.stage, r.temperature) < 2)$$,
    'some rows of each kind, not the whole list'
);
select cmp_ok((select max(r.rows_read) from readings as r), '>', 10::bigint, 'which is counted');
select cmp_ok((select count(*) from readings as r), '>=', 960::bigint, 'of every page');

select * from finish();
rollback;
