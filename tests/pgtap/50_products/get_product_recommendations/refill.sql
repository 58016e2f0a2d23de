-- What they have used up by now: by their own rhythm with the product, or by the usual one.
begin;
select plan(12);

insert into trustcart.products (id, name, price)
overriding system value
values (1, 'Honey 500g', 500), (2, 'Ghee', 900), (3, 'Tea', 150);
insert into trustcart.customers (id)
overriding system value
select g.n from generate_series(1, 20) as g (n);
-- Customer 1 buys honey every 28 days but once, and twice on one day; ghee once.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values
(1, 1, '2026-01-01', 500, 'delivered'), (2, 1, '2026-01-29', 500, 'delivered'), (3, 1, '2026-02-26', 500, 'delivered'),
(4, 1, '2026-02-26', 500, 'delivered'), (5, 1, '2026-05-01', 500, 'delivered'), (6, 1, '2026-05-29', 900, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (6, 2);
create function pg_temp.offer(p_product_id bigint, p_as_of date, p_customer_id bigint default 1)
returns setof text
language sql
begin atomic
select concat_ws(': ', r.source, r.reason)
from trustcart.get_product_recommendations(p_customer_id, 10, p_as_of) as r
where r.product_id = p_product_id;
end;
create function pg_temp.score(p_product_id bigint, p_as_of date)
returns numeric
language sql
begin atomic
select r.score
from trustcart.get_product_recommendations(1, 10, p_as_of) as r
where r.product_id = p_product_id;
end;

select is_empty(
    $$select pg_temp.offer(1, '2026-06-22')$$, '24 days after the last it is not due'
);
-- 28 * 0.9 = 25.2; before 30 days have passed it would not be recommended for any other reason.
select results_eq(
    $$select pg_temp.offer(1, '2026-06-24')$$,
    $$values ('refill: Usually buys every 28 days, last on 2026-05-29')$$,
    'after nine tenths of the usual 28 it is, recently bought or not'
);
select is(
    (
        select r.evidence -> 'refill'
        from trustcart.get_product_recommendations(1, 10, '2026-06-26') as r
        where r.product_id = 1
    ),
    '{"every_days": 28, "last_on": "2026-05-29", "days_since": 28, "own_rhythm": true, "purchases": 5}'::jsonb,
    'the median of the days between, whatever one long absence does; two orders of a day are one'
);
select ok(
    pg_temp.score(1, '2026-06-26') < pg_temp.score(1, '2026-07-20'), 'the later, the more it is recommended'
);
select ok(
    pg_temp.score(1, '2026-08-21') > pg_temp.score(1, '2026-12-01'), 'until three times the rhythm has passed'
);
select is_empty(
    $$select pg_temp.offer(2, '2027-01-15')$$, 'one purchase makes no rhythm'
);

-- Ten customers bought ghee twice, 40 days apart, one of them three times.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
select 100 + 100 * k.n + g.n, g.n, date '2026-01-01' + 40 * k.n, 900, 'delivered'
from generate_series(2, 11) as g (n)
cross join generate_series(0, 1) as k (n)
union all
select 900, 2, '2026-03-22', 900, 'delivered';
insert into trustcart.sales_order_items (order_id, product_id)
select o.id, 2 from trustcart.sales_orders as o where o.customer_id > 1;
do $$ begin perform trustcart.refresh_recommendations('2026-06-20'); end $$;
select results_eq(
    $$select repeat_customers, interval_days from trustcart.product_figures where product_id = 2$$,
    $$values (10::bigint, 400.000)$$,
    'each customer counts once, however often they buy'
);
select results_eq(
    $$select pg_temp.offer(2, '2026-07-15')$$,
    $$values ('refill: Customers usually buy it again after 40 days, last bought on 2026-05-29')$$,
    'then the usual interval stands in for an own one'
);
update trustcart.settings set min_repeat_customers = 11;
select results_eq(
    $$select pg_temp.offer(2, '2026-07-15')$$, $$values ('popular: Popular: in 1 order of the last 90 days')$$,
    'if enough customers show it'
);
update trustcart.settings set min_repeat_customers = default;
select is(
    (
        select r.source
        from trustcart.get_product_recommendations(2, 10, '2026-07-15') as r
        where r.product_id = 2 and r.evidence -> 'refill' ->> 'own_rhythm' = 'true'
    ),
    'refill', 'who has a rhythm of their own goes by that'
);
-- An order taken today for next week has the product coming.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values (7, 1, '2026-07-20', 500, 'pending');
insert into trustcart.sales_order_items (order_id, product_id)
values (7, 1);
select is_empty($$select pg_temp.offer(1, '2026-07-15')$$, 'what is on its way is not recommended');
update trustcart.sales_orders set status = 'cancelled'
where id = 7;
select isnt_empty($$select pg_temp.offer(1, '2026-07-15')$$, 'until that order is cancelled');

select * from finish();
rollback;
