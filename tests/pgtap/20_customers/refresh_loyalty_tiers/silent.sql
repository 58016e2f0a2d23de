begin;
select plan(6);
insert into trustcart.customers (id) values (1), (2), (3);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select v.id, trustcart.business_date(), v.amount from (values (1, 30000), (2, 45000), (3, 10000)) as v (id, amount);
update trustcart.loyalty_tiers set min_spend = 40000 where tier = 'gold';
select results_eq(
    'select customer_id, maintained, recomputed from trustcart.loyalty_differences()',
    $$ values (2::bigint, 'silver', 'gold') $$, 'a moved threshold is a difference'
);
select is(trustcart.refresh_loyalty_tiers(), '{"changed": 1}'::jsonb, 'until refreshed');
select is_empty('select * from trustcart.loyalty_differences()', 'then there is none');
select results_eq(
    $$ select from_tier, to_tier, cause from trustcart.loyalty_tier_changes where customer_id = 2 order by id $$,
    $$ values (null, 'silver', 'order'), ('silver', 'gold', 'settings') $$, 'recorded with its cause'
);
select is_empty('select from trustcart.crm_call_tasks', 'nobody is called');
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (2, trustcart.business_date(), 20000);
select is_empty('select from trustcart.crm_call_tasks', 'not later either, for gold was reached already');
select * from finish();
rollback;
