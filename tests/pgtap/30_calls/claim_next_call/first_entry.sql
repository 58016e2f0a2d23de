-- The next call is the first entry of an index, whatever the list holds: nothing is sorted, nothing is read through.
begin;
select plan(3);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
update trustcart.settings set calls_per_agent_day = 100000;
-- On a day of its own: what other tests left in the indexes and rolled back is not read.
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, list_position, priority)
select 1, case when g.n <= 3000 then 1 end, date '2150-03-04', g.n, (array['hot', 'warm', 'cold'])[1 + g.n % 3]
from generate_series(1, 6000) as g (n);

-- Rows of the table read one by one, and entries of its indexes.
create function pg_temp.read() returns bigint language sql volatile as
$$select sum(pg_stat_get_xact_tuples_returned(r.oid))::bigint
from (
    select 'trustcart.crm_call_tasks'::regclass as oid
    union all
    select i.indexrelid from pg_index as i where i.indrelid = 'trustcart.crm_call_tasks'::regclass
) as r$$;
create temporary table read_by (what text, tasks bigint) on commit drop;
create function pg_temp.count_reads(p_what text, p_agent_id bigint) returns void language plpgsql as $$
declare
    v_before bigint := pg_temp.read();
begin
    perform trustcart.claim_next_call(p_agent_id, '2150-03-04 10:00+06');
    insert into read_by values (p_what, pg_temp.read() - v_before);
end;
$$;
select pg_temp.count_reads('own', 1);
select pg_temp.count_reads('own again', 1);
select pg_temp.count_reads('pool', 2);
select cmp_ok((select r.tasks from read_by as r where r.what = 'own'), '<', 10::bigint, 'a list of 3,000 of one''s own');
select cmp_ok((select r.tasks from read_by as r where r.what = 'pool'), '<', 10::bigint, 'a pool of 3,000');
select cmp_ok((select r.tasks from read_by as r where r.what = 'own again'), '<', 10::bigint, 'the next of it');

select * from finish();
rollback;
