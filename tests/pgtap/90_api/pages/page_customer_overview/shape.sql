-- Orders with their items, a year of spending without gaps, the open dropoff, recommendations.
begin;
select plan(10);

insert into trustcart.customers (id) values (1), (2), (3), (4);
insert into trustcart.products (id, name, price) values (1, 'Honey', 500);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status, payment_method)
select g.n, 1, trustcart.business_date() - 40 - g.n, 100 * g.n, 'delivered', 'bKash'
from generate_series(1, 12) as g (n);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status) values
(13, 1, trustcart.business_date() - 40, 7777, 'cancelled'), (14, 3, trustcart.business_date() - 500, 10, 'delivered'),
(15, 4, trustcart.business_date() - 2000, 10, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id, product_name, quantity, unit_price, line_total) values
(1, 1, null, 2, 250, null), (1, null, 'Jar', 1, null, 30);
select trustcart.detect_dropoffs();
create temporary view shown as select trustcart_api.page_customer_overview(1) as tab;

select is((select jsonb_array_length(s.tab -> 'orders') from shown as s), 10, 'the last ten orders');
select is(
    (select s.tab #> '{orders,0}' from shown as s),
    jsonb_build_object(
        'id', 13, 'order_number', null, 'order_date', trustcart.business_date() - 40, 'status', 'cancelled',
        'counts', false, 'amount', 7777, 'payment_method', null, 'items', '[]'::jsonb
    ),
    'the last first, counting or not'
);
select is(
    (select s.tab #> '{orders,1,items}' from shown as s),
    '[{"product_id": 1, "product_name": "Honey", "quantity": 2, "amount": 500},
    {"product_id": null, "product_name": "Jar", "quantity": 1, "amount": 30}]', 'what was in it'
);
select results_eq(
    $$select m ->> 'month', (m ->> 'orders')::bigint, (m ->> 'spend')::numeric
    from shown as s cross join jsonb_array_elements(s.tab -> 'spend_by_month') as m$$,
    $$select to_char(g.month, 'YYYY-MM'), count(o.id), coalesce(sum(o.total_amount), 0)
    from generate_series(
        date_trunc('month', trustcart.business_date()::timestamp) - interval '11 months',
        trustcart.business_date()::timestamp, interval '1 month'
    ) as g (month)
    left join trustcart.sales_orders as o
        on o.customer_id = 1 and o.status <> 'cancelled' and date_trunc('month', o.order_date::timestamp) = g.month
    group by g.month order by g.month$$,
    'twelve months, empty ones too, of counted orders'
);
select is(
    trustcart_api.page_customer_overview(3) #>> '{spend_by_month,0,month}',
    to_char(trustcart.business_date() - 500, 'YYYY-MM'), 'from the first order on'
);
select is(
    jsonb_array_length(trustcart_api.page_customer_overview(4) -> 'spend_by_month'), 24, 'but no more than two years'
);
select is(
    (select (s.tab -> 'dropoff') - 'opened_on' from shown as s),
    jsonb_build_object(
        'last_active_date', trustcart.business_date() - 41, 'days_inactive', 41, 'risk_level', 'low',
        'reason', 'no order for more than 30 days', 'recovery_attempted', false
    ),
    'the open dropoff'
);
select is(
    trustcart_api.page_customer_overview(2) - 'spend_by_month' - 'recommendations',
    '{"orders": [], "dropoff": null}', 'a customer without orders'
);
select throws_ok('select trustcart_api.page_customer_overview(null)', 'TC003', null, 'no customer');
select throws_ok('select trustcart_api.page_customer_overview(9)', 'TC004', null, 'no such customer');

select * from finish();
rollback;
