-- Only who moved is written.
begin;
select plan(6);

insert into trustcart.customers (id)
select g from generate_series(1, 10) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-05-01' + g, 100 * g, 'delivered' from generate_series(1, 10) as g;

select is((trustcart.refresh_customer_rfm('2025-05-31') ->> 'moved')::integer, 10, 'at first everybody');
select is((trustcart.refresh_customer_rfm('2025-06-01') ->> 'moved')::integer, 0, 'a day later nobody');

insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-06-02', 5, 'delivered');
update trustcart.sales_orders set status = 'returned' where customer_id = 10;
create temporary table before_it as select r.customer_id, r::text as was from trustcart.customer_rfm as r;
select is((trustcart.refresh_customer_rfm('2025-06-02') ->> 'removed')::integer, 1, 'who has no order left goes');
select set_eq(
    $$select r.customer_id from trustcart.customer_rfm as r inner join before_it as b on b.customer_id = r.customer_id
    where b.was <> r::text$$,
    $$select r.customer_id from trustcart.customer_rfm as r where r.since = '2025-06-02'$$,
    'whoever was written has moved, and says since when'
);
select set_eq(
    $$select r.customer_id, r.recency_score, r.frequency_score, r.monetary_score, r.segment from trustcart.customer_rfm as r$$,
    $$select s.customer_id, s.recency_score, s.frequency_score, s.monetary_score, s.segment
    from trustcart.rfm_scores('2025-06-02') as s$$,
    'and all is as counted from scratch'
);
select throws_ok($$select trustcart.refresh_customer_rfm(null)$$, 'TC001', null, 'a day is needed');

select * from finish();
rollback;
