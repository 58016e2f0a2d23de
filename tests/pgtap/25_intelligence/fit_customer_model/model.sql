-- A model's row says what it was learnt from; equal customers are one group.
begin;
select plan(5);

insert into trustcart.customers (id)
select g from generate_series(1, 300) as g;
-- In thirds: one order; two, eight weeks apart; six, with a last one long ago for half of them.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select
    g.id,
    date '2025-01-01' + g.id % 10 + o.k * case g.id % 3 when 1 then 56 else 7 + g.id % 4 * 5 end,
    200 + g.id % 7 * 100 + o.k * 10,
    'delivered'
from generate_series(1, 300) as g (id)
cross join lateral generate_series(0, case g.id % 3 when 0 then 0 when 1 then 1 else 5 end) as o (k);

create temporary table fitted as
select m.* from trustcart.fit_customer_model('2025-01-01', '2025-09-30') as m;

select results_eq(
    $$select f.fitted_on, f.orders_from, f.orders_to, f.customers, f.repeat_customers from fitted as f$$,
    $$values (trustcart.business_date(), date '2025-01-01', date '2025-09-30', 300, 200)$$,
    'what it was learnt from'
);
select results_eq(
    $$select f.order_groups from fitted as f$$,
    $$
    select count(*)::integer from (
        select distinct count(*), max(o.order_date) - min(o.order_date), min(o.order_date)
        from trustcart.sales_orders as o group by o.customer_id
    ) as x
    $$,
    'equal customers are counted together'
);
select ok((select f.is_converged and f.problem is null from fitted as f), 'it converged');
select results_eq(
    'select * from fitted', 'select * from trustcart.customer_models', 'the row is written as it is returned'
);

-- Any step to the side is less likely: the slope is flat there, by differences and not by the formula.
select ok(
    (
        with g as (
            select
                array_agg(h.repeat_orders::double precision) as x,
                array_agg((h.last_order_date - h.first_order_date) / 7.0::double precision) as t,
                array_agg((date '2025-09-30' - h.first_order_date) / 7.0::double precision) as age,
                array_agg(1.0::double precision) as n
            from trustcart_private.order_histories(null, '2025-09-30', null) as h
        )

        select bool_and(
            (trustcart_private.order_likelihood(
                array[f.r * s.r, f.alpha * s.alpha, f.a * s.a, f.b * s.b], g.x, g.t, g.age, g.n
            ))[1] < f.log_likelihood
        )
        from fitted as f
        cross join g
        cross join (
            values (1.01, 1.0, 1.0, 1.0), (0.99, 1, 1, 1), (1, 1.01, 1, 1), (1, 0.99, 1, 1),
            (1, 1, 1.01, 1), (1, 1, 0.99, 1), (1, 1, 1, 1.01), (1, 1, 1, 0.99)
        ) as s (r, alpha, a, b)
    ),
    'a hundredth more or less of any parameter is less likely'
);
select * from finish();
rollback;
