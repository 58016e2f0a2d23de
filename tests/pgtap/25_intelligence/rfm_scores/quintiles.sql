-- RFM as of any date: quintiles with equals together, the segments of the table.
begin;
select plan(8);

insert into trustcart.customers (id)
select g from generate_series(1, 11) as g;
-- Customer g ordered last on day g, once for g <= 6, and spent 100 g in all.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-05-01' + g, case when g <= 6 then 100 * g else 50 * g end, 'delivered' from generate_series(1, 10) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-04-01' + g, 50 * g, 'delivered' from generate_series(7, 10) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (11, '2025-05-01', 100, 'cancelled'), (1, '2025-06-10', 10000, 'delivered');

create temporary table scored as
select * from trustcart.rfm_scores('2025-05-31');

select results_eq(
    $$select s.customer_id, s.recency_days, s.order_count, s.total_spend from scored as s order by 1$$,
    $$select g::bigint, 30 - g, case when g <= 6 then 1 else 2 end, 100.0 * g from generate_series(1, 10) as g$$,
    'figures as of the date: neither the later order nor the cancelled one is in them'
);
select results_eq(
    $$select s.recency_score::integer, s.monetary_score::integer from scored as s order by s.customer_id$$,
    $$select (g + 1) / 2, (g + 1) / 2 from generate_series(1, 10) as g$$, 'fifths of the last order and of the spend'
);
select results_eq(
    $$select distinct s.order_count, s.frequency_score::integer from scored as s order by 1$$,
    'values (1, 1), (2, 4)', 'who ordered equally often is in one quintile'
);
select results_eq(
    $$select s.customer_id, s.segment from scored as s where s.customer_id in (1, 6, 10) order by 1$$,
    $$values (1::bigint, 'Lost'::text), (6, 'Need attention'), (10, 'Champions')$$, 'the segments of the table'
);
update trustcart.rfm_segments set segment = 'Best friends' where segment = 'Champions';
select is(
    (select s.segment from trustcart.rfm_scores('2025-05-31') as s where s.customer_id = 10), 'Best friends',
    'a shop may name them otherwise'
);
select results_eq(
    $$select count(*)::integer from trustcart.rfm_segments$$, 'values (25)', 'every pair of scores has a segment'
);
select results_eq(
    $$select s.recency_days, s.order_count, s.total_spend, s.recency_score::integer
    from trustcart.rfm_scores('2025-06-30') as s where s.customer_id = 1$$,
    'values (20, 2, 10100::numeric, 5)', 'a month later the later order is in them'
);
select throws_ok($$select trustcart.rfm_scores('infinity')$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
