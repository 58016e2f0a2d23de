-- GET /cdm/dropoff: open episodes, days counted to today, the latest lost first.
begin;
select plan(16);

insert into trustcart.customers (id, first_name, last_name, is_active)
values (10, 'Customer', 'Name', true), (11, 'B', null, true), (12, 'C', null, true), (13, 'Gone', null, false),
(14, 'Back', null, true);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select t.customer_id, trustcart.business_date() - t.days, t.amount, 'delivered'
from (values (10, 95, 8000), (11, 110, 5), (12, 45, 5), (13, 100, 5), (14, 95, 5)) as t (customer_id, days, amount);
select trustcart.detect_dropoffs();
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (14, trustcart.business_date(), 5, 'pending');
update trustcart.customer_dropoff_tracking set recovery_attempted = true where customer_id = 10;

select is(
    trustcart_api.dropoff('high') -> 0,
    jsonb_build_object(
        'customer_id', 10, 'name', 'Customer Name', 'last_active_date', trustcart.business_date() - 95,
        'days_inactive', 95, 'risk_level', 'high', 'lifetime_value', 8000, 'recovery_attempted', true
    ),
    'the guide''s example, and no other keys'
);

create function pg_temp.ids(p_page jsonb)
returns bigint [] language sql as $$
    select array_agg((e.value ->> 'customer_id')::bigint order by e.position)
    from jsonb_array_elements(p_page) with ordinality as e (value, position)
$$;
select is(
    pg_temp.ids(trustcart_api.dropoff('high')), array[10, 11]::bigint [],
    'of one level; closed episodes and inactive customers are left out'
);
select is(pg_temp.ids(trustcart_api.dropoff()), array[12, 10, 11]::bigint [], 'of all levels, the latest lost first');
select is(pg_temp.ids(trustcart_api.dropoff(p_limit => 2)), array[12, 10]::bigint [], 'the limit is that of all');
select is(pg_temp.ids(trustcart_api.dropoff('high', 1)), array[10]::bigint [], 'or of the level');
select is(trustcart_api.dropoff('critical'), '[]', 'nobody is an empty array');
select is(jsonb_array_length(trustcart_api.dropoff(null, null)), 3, 'nulls stand for the defaults');
select throws_ok('select trustcart_api.dropoff(''severe'')', 'TC002', null, 'an unknown level');
select throws_ok('select trustcart_api.dropoff(null, 0)', 'TC005', null, 'a limit of 0');
select throws_ok('select trustcart_api.dropoff(null, 501)', 'TC005', null, 'a limit above 500');
select throws_ok('select trustcart_api.dropoff(null, -1)', 'TC005', null, 'a negative limit');

insert into trustcart.customers (id) select 100 + g.n from generate_series(1, 5) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 100 + g.n, trustcart.business_date() - 95, 5, 'delivered' from generate_series(1, 5) as g (n);
select trustcart.detect_dropoffs();
create function pg_temp.after(p_page jsonb)
returns text language sql as $$
    select concat_ws('_', p_page -> -1 ->> 'last_active_date', p_page -> -1 ->> 'customer_id')
$$;
select is(pg_temp.ids(trustcart_api.dropoff(p_limit => 4)), array[12, 10, 101, 102]::bigint [], 'a page');
select is(
    pg_temp.ids(trustcart_api.dropoff(p_limit => 3, p_after => pg_temp.after(trustcart_api.dropoff(p_limit => 4)))),
    array[103, 104, 105]::bigint [], 'the next, of the same day'
);
select is(
    pg_temp.ids(trustcart_api.dropoff('high', p_after => (trustcart.business_date() - 95)::text || '_105')),
    array[11]::bigint [], 'of one level, the day before'
);
select is(trustcart_api.dropoff(p_after => '_1'), '[]', 'after everybody is nobody');
select throws_ok('select trustcart_api.dropoff(p_after => ''5_1'')', 'TC005', null, 'an after that is none');

select * from finish();
rollback;
