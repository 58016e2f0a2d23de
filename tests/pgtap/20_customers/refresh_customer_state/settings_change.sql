begin;
select plan(5);
insert into trustcart.customers (id) values (1);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 50, 100, 'delivered');
select trustcart.refresh_customer_state();
select is(lifecycle_stage, 'new', 'fifty days without an order are not at risk') from trustcart.customers;
update trustcart.settings set at_risk_from_days = 45;
select is(
    trustcart.refresh_customer_state() ->> 'relabelled', '1', 'a changed threshold looks at every customer again'
);
select results_eq(
    $$ select from_value, to_value, business_date, cause from trustcart.customer_state_changes order by id desc limit 1 $$,
    $$ values ('new', 'at_risk', trustcart.business_date(), 'settings') $$,
    'and the history says why'
);
select is_empty($$ select * from trustcart.check_customer_state() $$, 'all agrees with the new rule');
select throws_ok(
    $$ update trustcart.settings set at_risk_from_days = 100 $$,
    '23514', null, 'thresholds out of order are refused'
);
select * from finish();
rollback;
