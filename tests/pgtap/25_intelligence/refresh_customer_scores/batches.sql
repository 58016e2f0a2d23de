-- In batches, broken off and carried on: the same scores as of one run, on the day and on a later one.
begin;
select plan(20);

create function pg_temp.scores() returns setof text language sql as
$$ select s::text from trustcart.customer_scores as s $$;
create function pg_temp.scored(p_as_of date) returns setof text language sql as $$
select s::text
from trustcart_private.model_of(p_as_of) as m
cross join lateral trustcart_private.score_customers(m, p_as_of, null) as s
$$;
create function pg_temp.batch(p_as_of date, p_limit integer default 25) returns text language sql as $$
select concat_ws(' ', r ->> 'scored', r ->> 'removed', r ->> 'is_complete')
from trustcart.refresh_customer_scores(p_as_of, p_limit) as r
$$;
create function pg_temp.orders(p_day date, variadic p_customers bigint[]) returns void language sql as $$
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, p_day, 500, 'delivered' from unnest(p_customers) as c (id);
select trustcart.refresh_customer_behavior(p_day);
$$;

select is(
    trustcart.refresh_customer_scores('2025-10-01', 25),
    '{"scored": 0, "removed": 0, "message": "No model has been fitted yet", "is_complete": true}', 'without a model'
);
insert into trustcart.customers (id)
select g from generate_series(1, 59) as g
union all
select -7;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, date '2025-03-01' + (o.k * (5 + abs(c.id) % 5 * 6))::integer, 100 + c.id, 'delivered'
from trustcart.customers as c
cross join lateral generate_series(0, abs(c.id) % 6) as o (k)
where c.id <= 50;
select trustcart.fit_customer_model(null, '2025-09-29');
update trustcart.customer_models set fitted_on = '2025-09-30';
select trustcart.refresh_customer_behavior('2025-09-30');

-- The first scoring.
select is(pg_temp.batch('2025-10-01'), '25 0 false', 'a batch goes by id, those below zero first');
select is(
    (select max(s.customer_id) from trustcart.customer_scores as s), 24::bigint, 'and looks at so many customers'
);
select is(pg_temp.batch('2025-10-02'), '25 0 false', 'broken off, on the next day it begins anew: all are of one day');
select is(pg_temp.batch('2025-10-02'), '25 0 false', 'it goes on');
select is(
    trustcart.refresh_customer_scores('2025-10-02', 25),
    jsonb_build_object(
        'scored', 1, 'removed', 0, 'is_complete', true, 'message',
        format('Scored by model %s', (select m.id from trustcart.customer_models as m)),
        'model_id', (select m.id from trustcart.customer_models as m)
    ),
    'with those without an order it is through'
);
select set_eq('select pg_temp.scores()', $$select pg_temp.scored('2025-10-02')$$, 'the scores are those of one run');
select is_empty('select from trustcart_private.batch_positions', 'and no position is kept');

-- A day, with an order that comes between the batches.
select pg_temp.orders('2025-10-02', 3, 9, 27, 51, 52);
select is(pg_temp.batch('2025-10-03', 2), '2 0 false', 'of those who ordered the first');
select pg_temp.orders('2025-10-03', 3, 40);
select is(pg_temp.batch('2025-10-03', 2), '2 0 false', 'on it goes');
select is(pg_temp.batch('2025-10-03', 2), '2 0 false', 'with those who came meanwhile, and are further up');
select is(pg_temp.batch('2025-10-03', 2), '0 0 true', 'until nobody is left');
select results_eq(
    'select d.customer_id from trustcart_private.scores_due as d', 'values (3::bigint)', 'who was passed is due still'
);

-- Broken off, and the days move on: what is touched or has aged since is due, whatever was done already.
select is(pg_temp.batch('2025-10-20', 10), '10 0 false', 'some weeks later, broken off');
update trustcart.sales_orders set status = 'returned' where customer_id in (4, 31);
select pg_temp.orders('2025-10-22', 1, 30);
create temporary table due as
select d.customer_id from trustcart_private.scores_due as d
union
select s.customer_id from trustcart.customer_scores as s where s.valid_until <= '2025-11-04';
do $$
begin
    while pg_temp.batch('2025-11-04', 7) !~ 'true' loop
    end loop;
end
$$;
select set_eq(
    $$select pg_temp.scores() except select s::text from trustcart.customer_scores as s where s.scored_on < '2025-11-04'$$,
    $$select s.s from pg_temp.scored('2025-11-04') as s (s) where split_part(trim(s.s, '('), ',', 1)::bigint in
    (select d.customer_id from due as d)$$,
    'a later day: those due, as one run has them'
);
select is_empty(
    $$select from trustcart.customer_scores as s where s.valid_until <= '2025-11-04' or s.customer_id in (4, 31)
    union all
    select from trustcart_private.scores_due$$,
    'nobody is left'
);

-- Another model, and in the middle yet another.
select trustcart.fit_customer_model('2025-03-01', '2025-11-01');
update trustcart.customer_models set fitted_on = '2025-11-04' where fitted_on > '2025-11-04';
select is(pg_temp.batch('2025-11-05'), '24 0 false', 'by another model everybody is scored anew');
update trustcart.settings set customer_model_id = (select min(m.id) from trustcart.customer_models as m);
do $$
begin
    while pg_temp.batch('2025-11-05', 7) !~ 'true' loop
    end loop;
end
$$;
select set_eq('select pg_temp.scores()', $$select pg_temp.scored('2025-11-05')$$, 'by that which is in use at the end');
select throws_ok(
    $$select trustcart.refresh_customer_scores('2025-11-04', 25)$$, 'TC104', 'scores speak of 2025-11-05 already',
    'they move forward only'
);
select is_empty('select from trustcart_private.batch_positions', 'no position is kept');

select * from finish();
rollback;
