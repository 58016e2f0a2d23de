-- Never what cannot be sold, nor what they just bought; each product once; the popular where nothing better is known.
begin;
select plan(13);

insert into trustcart.products (id, name, price, stock_quantity, is_active)
overriding system value
values
(1, 'Honey', 500, null, true), (2, 'Ghee', 900, 3, true), (3, 'Tea', 150, 0, true), (4, 'Dates', 300, 5, false),
(5, 'Oil', 250, 7, true), (6, 'Salt', 20, 7, true);
insert into trustcart.customers (id)
overriding system value
select g.n from generate_series(1, 30) as g (n);
-- Popular in this order: tea (out of stock), dates (no longer sold), honey, ghee, oil; salt was, long ago.
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
select 100 * p.id + g.n, g.n, p.bought_on, 100, 'delivered'
from (
    values (1, 12, date '2026-06-01'), (2, 11, '2026-06-01'), (3, 20, '2026-06-01'), (4, 19, '2026-06-01'),
    (5, 5, '2026-03-18'), (6, 25, '2026-03-17')
) as p (id, customers, bought_on)
cross join lateral generate_series(2, 1 + p.customers) as g (n);
insert into trustcart.sales_order_items (order_id, product_id)
select o.id, o.id / 100 from trustcart.sales_orders as o;
do $$ begin perform trustcart.refresh_recommendations('2026-06-15'); end $$;
create function pg_temp.offered(p_customer_id bigint, p_limit integer default 10)
returns bigint[]
language sql
return array(
    select r.product_id
    from trustcart.get_product_recommendations(p_customer_id, p_limit, '2026-06-15') with ordinality as r (
        product_id, product_name, recommended_price, discount_percentage, reason, score, source, evidence, list_price, n
    )
    order by r.n
);

select is(
    pg_temp.offered(1), array[1, 2, 5]::bigint[],
    'a new customer: the popular of the last 90 days, what is sold and in stock, uncounted stock counting as enough'
);
select is(
    (select array_agg(distinct r.reason) from trustcart.get_product_recommendations(1, 1, '2026-06-15') as r),
    array['Popular: in 12 orders of the last 90 days'], 'with the figure'
);
select is(pg_temp.offered(1, 2), array[1, 2]::bigint[], 'as many as asked for');
select is(pg_temp.offered(2), array[5]::bigint[], 'not what was bought within 30 days');
update trustcart.settings set recently_bought_days = 14;
select is(pg_temp.offered(2), array[1, 2, 5]::bigint[], 'or as many as the settings say: 14 days ago is not within 14');
update trustcart.settings set recently_bought_days = 15;
select is(pg_temp.offered(2), array[5]::bigint[], 'but within 15');
update trustcart.settings set recently_bought_days = default;

insert into trustcart.product_recommendation_rules (rule_name, product_id, discount_percentage)
values ('All', 1, 10), ('All', 2, 10), ('All', 3, 10), ('All', 4, 10);
select is(pg_temp.offered(1), array[1, 2, 5]::bigint[], 'not by a rule either, and each product once');
select results_eq(
    $$select product_id, source, evidence ? 'rule', evidence ? 'popular'
    from trustcart.get_product_recommendations(1, 10, '2026-06-15')$$,
    $$values (1::bigint, 'rule', true, true), (2, 'rule', true, true), (5, 'popular', false, true)$$,
    'with its best reason, the others in the evidence'
);
select is(pg_temp.offered(2), array[5]::bigint[], 'nor, by a rule, what was just bought');
update trustcart.products set stock_quantity = 1
where id = 3;
update trustcart.products set stock_quantity = 0
where id = 2;
select is(pg_temp.offered(1), array[3, 1, 5]::bigint[], 'stock is looked at as it is now');

-- 90 days: 2026-03-18 is the first of them on the 15th; the day after, oil is not among them any more.
do $$ begin perform trustcart.refresh_recommendations('2026-06-16'); end $$;
select is(pg_temp.offered(1), array[3, 1]::bigint[], 'the window moves on by the day');
update trustcart.settings set popular_within_days = 92;
do $$ begin perform trustcart.refresh_recommendations('2026-06-16'); end $$;
select is(
    (select array_agg(o.id order by o.id) from unnest(pg_temp.offered(1)) as o (id)),
    array[1, 3, 5, 6]::bigint[], 'and is as long as the settings say'
);
select is_empty('select * from trustcart.check_recommendations()', 'all of it as counted afresh');

select * from finish();
rollback;
