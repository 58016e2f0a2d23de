-- Issue "Intelligence", degenerate input: a result or a clear refusal with the reason, never NaN and never an endless loop.
begin;
select plan(14);

select throws_ok(
    $$select trustcart.fit_customer_model(null, '2025-06-30')$$, 'TC220',
    'nobody''s first order lies between -infinity and 2025-06-30', 'no customer at all'
);

insert into trustcart.customers (id)
select g from generate_series(1, 40) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-01-01' + g, 100, 'delivered' from generate_series(1, 20) as g;
select throws_ok(
    $$select trustcart.fit_customer_model(null, '2025-06-30')$$, 'TC220',
    'none of the 20 customers between 2025-01-02 and 2025-06-30 ordered on a second day: there is nothing to learn from',
    'nobody repeats'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, date '2025-01-01' + g, 300, 'delivered' from generate_series(1, 20) as g;
select throws_ok(
    $$select trustcart.fit_customer_model(null, '2025-06-30')$$, 'TC220', null, 'twice on one day is no repeat order'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-03-01', 100, 'cancelled'), (1, '2025-07-01', 100, 'delivered');
select throws_ok(
    $$select trustcart.fit_customer_model(null, '2025-06-30')$$, 'TC220', null,
    'neither is one that was cancelled, nor one after the window'
);
select throws_ok(
    $$select trustcart.fit_customer_model('2025-07-01', '2025-06-30')$$, 'TC005', null, 'a window that ends before it begins'
);
select throws_ok(
    $$select trustcart.fit_customer_model(null, trustcart.business_date() + 1)$$, 'TC001', null, 'a day still to come'
);
select throws_ok($$select trustcart.fit_customer_model(null, null)$$, 'TC001', null, 'no day at all');

create function pg_temp.is_sound(p_model trustcart.customer_models) returns boolean language sql as $$
select
    p_model.r > 0 and p_model.r < 1e9 and p_model.alpha > 0 and p_model.alpha < 1e9
    and p_model.a > 0 and p_model.a < 1e9 and p_model.b > 0 and p_model.b < 1e9
    and p_model.log_likelihood between -1e9 and 1e9
    and (p_model.value_p is null or (p_model.value_p < 1e9 and p_model.value_q < 1e9 and p_model.value_gamma < 1e9))
    and p_model.is_converged = (p_model.problem is null)
$$;

-- One customer.
delete from trustcart.sales_orders;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1, date '2025-01-01' + g * 10, 100, 'delivered' from generate_series(0, 5) as g;
select ok(pg_temp.is_sound(trustcart.fit_customer_model(null, '2025-06-30')), 'one customer: parameters that are numbers');
select is(
    (select m.is_converged from trustcart.customer_models as m order by m.id desc limit 1), false,
    'and one mean value is too few: never used'
);

-- Everybody the same.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c, date '2025-01-01' + g * 10, 100, 'delivered'
from generate_series(2, 40) as c
cross join generate_series(0, 5) as g;
select ok(pg_temp.is_sound(trustcart.fit_customer_model(null, '2025-06-30')), 'everybody the same: likewise');

-- All orders on two days, huge ages, amounts of nothing.
delete from trustcart.sales_orders;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c, d.d, case when c % 2 = 0 then 0 else 10 ^ (c % 9) end, 'delivered'
from generate_series(1, 40) as c
cross join (values (date '1900-01-01'), ('1900-01-02')) as d (d)
where d.d = '1900-01-01' or c % 3 > 0;
select ok(pg_temp.is_sound(trustcart.fit_customer_model(null, '2025-06-30')), 'ages of 125 years, amounts from 0 to 10^8');
select ok(
    pg_temp.is_sound(trustcart.fit_customer_model(null, '1900-01-02')), 'orders of one day and its next, seen that day'
);
select ok(
    pg_temp.is_sound(trustcart.fit_customer_model('1900-01-01', '1900-01-02')), 'the same with a beginning'
);

-- Whatever came out, scores of it are probabilities and amounts.
select is_empty(
    $$
    select s.*
    from trustcart.customer_models as m
    cross join lateral trustcart_private.score_customers(m, '2025-06-30', null) as s
    where
        m.value_q > 1
        and (
            s.p_alive between 0 and 1 and s.expected_orders_90_days between 0 and 90
            and s.expected_value_90_days between 0 and 1e12 and s.valid_until > s.scored_on
        ) is not true
    $$,
    'and what is scored by it has a probability, a number of orders and an amount'
);

select * from finish();
rollback;
