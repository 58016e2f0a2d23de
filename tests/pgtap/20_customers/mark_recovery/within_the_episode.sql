-- What went out during an episode is an attempt; before it or after its end it is none.
begin;
select plan(4);

insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select g.n, date '2026-01-01', 100 from generate_series(1, 4) as g (n);
select trustcart.detect_dropoffs(trustcart.business_date());
-- The fourth has ordered again since.
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (4, '2026-04-01', 100);

create function pg_temp.marked(p_customer_id bigint) returns text language sql as
$$select (t.recovery_attempted, t.recovery_successful)::text from trustcart.customer_dropoff_tracking as t
where t.customer_id = p_customer_id and t.last_active_date = '2026-01-01'$$;

select trustcart_private.mark_recovery(
    array[1, 2, 4], array[date '2026-02-15', date '2026-01-15', date '2026-03-15']
);
select is(pg_temp.marked(1), '(t,f)', 'during the silence');
select is(pg_temp.marked(2), '(f,f)', 'before it was one');
select is(pg_temp.marked(3), '(f,f)', 'who was not contacted');
select is(pg_temp.marked(4), '(t,t)', 'told after the order that ended it');

select * from finish();
rollback;
