-- Scores are of those whose orders changed, and of those whose age makes a step; another model scores everybody.
begin;
select plan(15);

select is(
    trustcart.refresh_customer_scores('2025-09-30') ->> 'message', 'No model has been fitted yet', 'without a model: nothing'
);

insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, date '2025-03-01' + o.k * (5 + g.id % 5 * 6), 100 + g.id, 'delivered'
from generate_series(1, 50) as g (id)
cross join lateral generate_series(0, g.id % 6) as o (k);
select trustcart.fit_customer_model(null, '2025-09-30');
update trustcart.customer_models set fitted_on = '2025-09-30';
-- Nobody's behaviour is due: what follows is due because of what follows.
select trustcart.refresh_customer_behavior('2025-09-30');

select is(
    trustcart.refresh_customer_scores('2025-09-30') ->> 'message', 'No model has been fitted yet',
    'a model is in use from the day after it was fitted'
);
select is((trustcart.refresh_customer_scores('2025-10-01') ->> 'scored')::integer, 50, 'at first all with an order');
select is((trustcart.refresh_customer_scores('2025-10-01') ->> 'scored')::integer, 0, 'again: none');
select is((trustcart.refresh_customer_scores('2025-10-02') ->> 'scored')::integer, 0, 'the next day: none');

insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (7, '2025-10-02', 500, 'delivered'), (55, '2025-10-02', 500, 'pending'), (8, '2025-10-02', 9, 'cancelled');
update trustcart.sales_orders set status = 'cancelled' where customer_id = 5 and order_date = '2025-03-01';
update trustcart.sales_orders set status = 'returned' where customer_id = 12;
select trustcart.refresh_customer_behavior('2025-10-02');
select results_eq(
    $$select (r.r ->> 'scored')::integer, (r.r ->> 'removed')::integer
    from trustcart.refresh_customer_scores('2025-10-02') as r (r)$$,
    'values (4, 1)',
    'then those whose orders were touched; who has none left goes'
);
select results_eq(
    $$select s.customer_id from trustcart.customer_scores as s where s.scored_on = '2025-10-02' order by 1$$,
    'values (5::bigint), (7), (8), (55)', 'and only those'
);
select results_eq(
    $$select s.repeat_orders, s.first_order_date, s.last_order_date, s.mean_value, s.p_alive
    from trustcart.customer_scores as s where s.customer_id = 55$$,
    $$values (0, date '2025-10-02', date '2025-10-02', null::numeric, 1::double precision)$$, 'after one order p_alive is 1'
);
select ok(
    (
        select s.expected_value_90_days between 1 and 10000 and s.expected_orders_90_days between 0.001 and 90
        from trustcart.customer_scores as s where s.customer_id = 55
    ),
    'and the shop''s own mean is what their next orders may be worth'
);

-- Age.
select results_eq(
    $$
    select (trustcart.refresh_customer_scores('2025-10-20') ->> 'scored')::integer
    $$,
    $$select count(*)::integer from trustcart.customer_scores as s where s.valid_until <= '2025-10-20'$$,
    'as many as were valid until then (counted before the run)'
);
select is_empty(
    $$select * from trustcart.customer_scores as s where s.valid_until <= '2025-10-20'$$, 'afterwards none is out of date'
);
select throws_ok(
    $$select trustcart.refresh_customer_scores('2025-10-19')$$, 'TC104', 'scores speak of 2025-10-20 already',
    'they move forward only'
);
select throws_ok($$select trustcart.refresh_customer_scores(null)$$, 'TC001', null, 'a day is needed');

-- Another model.
select trustcart.fit_customer_model('2025-03-01', '2025-10-19');
update trustcart.customer_models set fitted_on = '2025-10-20' where fitted_on > '2025-10-20';
select results_eq(
    $$select (trustcart.refresh_customer_scores('2025-10-21') ->> 'scored')::integer$$,
    $$select count(distinct o.customer_id)::integer from trustcart.sales_orders as o
    where o.status in ('delivered', 'pending')$$,
    'another model scores everybody anew'
);
update trustcart.settings set customer_model_id = (select min(m.id) from trustcart.customer_models as m);
select is(
    (trustcart.refresh_customer_scores('2025-10-21') ->> 'model_id')::bigint,
    (select min(m.id) from trustcart.customer_models as m), 'settings may keep to one model'
);

select * from finish();
rollback;
