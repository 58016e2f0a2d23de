-- GET /cdm/customer360: filters, order and pages.
begin;
select plan(25);

insert into trustcart.customers (id) select g.n from generate_series(1, 60) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, trustcart.business_date() - g.n, 100 * (g.n % 20), 'delivered' from generate_series(1, 59) as g (n)
union all
select 7, trustcart.business_date() - 3, 60000, 'delivered'
union all
select 40, trustcart.business_date() - 40, 50000, 'delivered';

create function pg_temp.ids(p_page jsonb)
returns bigint [] language sql as $$
    select array_agg((e.value ->> 'customer_id')::bigint order by e.position)
    from jsonb_array_elements(p_page) with ordinality as e (value, position)
$$;

select is(jsonb_array_length(trustcart_api.list_customer360()), 50, 'a page is 50 unless said otherwise');
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_limit => 4)), array[7, 40, 59, 39]::bigint [],
    'the highest lifetime value first, then the latest id'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_limit => 2, p_offset => 2)), array[59, 39]::bigint [], 'the next page'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360('vip')), array[7, 40]::bigint [], 'customerType'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_customer_type => 'vip', p_temperature => 'hot')), array[7]::bigint [],
    'with temperature'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_lifecycle_stage => 'prospect')), array[60]::bigint [], 'lifecycleStage'
);
select is(trustcart_api.list_customer360('inactive'), '[]', 'nobody is an empty array');
select is(trustcart_api.list_customer360(p_offset => 1000), '[]', 'so is a page after the last');
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_sort => 'last_order_date', p_limit => 4)), array[1, 2, 7, 3]::bigint [],
    'by the last order'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_sort => 'last_order_date', p_limit => 2, p_offset => 58)),
    array[59, 60]::bigint [], 'who never ordered comes last'
);
select is(
    trustcart_api.list_customer360(p_limit => 1) -> 0, trustcart_api.customer360(7), 'each is what customer360 gives'
);
select is(
    jsonb_array_length(trustcart_api.list_customer360(null, null, null, null, null, null)), 50,
    'nulls stand for the defaults'
);
select throws_ok('select trustcart_api.list_customer360(''gold'')', 'TC002', null, 'an unknown customerType');
select throws_ok(
    'select trustcart_api.list_customer360(p_lifecycle_stage => ''x'')', 'TC002', null, 'an unknown lifecycleStage'
);
select throws_ok(
    'select trustcart_api.list_customer360(p_temperature => ''x'')', 'TC002', null, 'an unknown temperature'
);
select throws_ok('select trustcart_api.list_customer360(p_sort => ''x'')', 'TC002', null, 'an unknown order');
select throws_ok('select trustcart_api.list_customer360(p_limit => 0)', 'TC005', null, 'a limit of 0');
select throws_ok('select trustcart_api.list_customer360(p_limit => 501)', 'TC005', null, 'a limit above 500');
select throws_ok('select trustcart_api.list_customer360(p_offset => -1)', 'TC005', null, 'a negative offset');
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_limit => 2, p_after => '50000_40')), array[59, 39]::bigint [],
    'the page after one that ended there'
);
select is(
    pg_temp.ids(trustcart_api.list_customer360(p_sort => 'last_order_date', p_after => '_61')), array[60]::bigint [],
    'among those without an order'
);
select is(
    pg_temp.ids(
        trustcart_api.list_customer360(
            p_sort => 'last_order_date', p_after => (trustcart.business_date() - 58)::text || '_58'
        )
    ),
    array[59, 60]::bigint [], 'from those with one on to those without'
);
select is(trustcart_api.list_customer360(p_after => '0_1'), '[]', 'after the last one is nobody');
select throws_ok('select trustcart_api.list_customer360(p_after => ''x'')', 'TC005', null, 'an after that is none');
select throws_ok(
    'select trustcart_api.list_customer360(p_after => ''0_1'', p_offset => 1)', 'TC005', null, 'after, and an offset'
);

select * from finish();
rollback;
