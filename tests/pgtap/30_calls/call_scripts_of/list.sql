-- A list of tasks at once, each found by its key.
begin;
select plan(4);

insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(900001, 903000) as n;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 900001 + n % 3000, trustcart.business_date() - n % 100, 100, 'delivered' from generate_series(1, 9000) as n;
insert into trustcart.sales_order_items (order_id, product_name)
select o.id, 'Honey' from trustcart.sales_orders as o where o.customer_id > 900000;
insert into trustcart.customer_interactions (customer_id, interaction_type) select n, 'sms' from generate_series(900001, 903000) as n;
insert into trustcart.crm_call_tasks (id, customer_id, task_date)
select n, n, trustcart.business_date() from generate_series(900001, 903000) as n;
analyze trustcart.customers, trustcart.sales_orders, trustcart.sales_order_items, trustcart.customer_interactions,
trustcart.crm_call_tasks, trustcart.customer_behavior, trustcart.crm_call_attempts, trustcart.customer_event_days;

select results_eq(
    $$select s.task_id, s.script from trustcart.call_scripts_of(array[900007, 900003, 1, 900007, null]) as s order by 1$$,
    $$select n, trustcart.call_script(n) from (values (900003::bigint), (900007)) as v (n) order by 1$$,
    'each once, the same as alone; unknown ones have no row'
);
select is_empty($$select * from trustcart.call_scripts_of('{}')$$, 'of nothing, nothing');
select throws_ok($$select * from trustcart.call_scripts_of('{900003}', 'infinity')$$, 'TC001', null, 'for ever is no date');

create temporary table scans as
select s.relname, s.seq_scan from pg_catalog.pg_stat_xact_user_tables as s where s.schemaname = 'trustcart';
do $$ begin perform trustcart.call_script(n) from generate_series(900001, 900020) as n; end $$;
select is_empty(
    $$select s.relname, s.seq_scan - b.seq_scan
    from pg_catalog.pg_stat_xact_user_tables as s inner join scans as b on s.relname = b.relname
    where s.schemaname = 'trustcart' and s.seq_scan > b.seq_scan and s.relname in (
        'customers', 'sales_orders', 'sales_order_items', 'customer_interactions', 'crm_call_tasks', 'customer_behavior'
    )$$,
    'no large table is read from one end to the other'
);

select * from finish();
rollback;
