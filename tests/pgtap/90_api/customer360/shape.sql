-- GET /cdm/customer360/:customerId, in the guide's shape.
begin;
select plan(6);

insert into trustcart.customers (id, first_name, last_name, email)
values (1, 'John', 'Doe', 'john@example.com'), (2, null, null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1, trustcart.business_date() - 15 - 10 * g.n, 3000, 'delivered' from generate_series(0, 4) as g (n);
insert into trustcart.customer_family_members (customer_id, name, relationship)
select 1, 'Member ' || g.n, 'child' from generate_series(1, 3) as g (n);
insert into trustcart.customer_interactions (customer_id, interaction_type)
select 1, 'call' from generate_series(1, 8) as g (n);

select ok(
    trustcart_api.customer360(1) @> '{
      "customer_id": 1, "first_name": "John", "last_name": "Doe", "email": "john@example.com",
      "customer_type": "repeat", "lifecycle_stage": "active", "customer_temperature": "warm",
      "lifetime_value": 15000, "total_orders": 5, "avg_order_value": 3000, "days_since_last_order": 15,
      "family_members_count": 3, "total_interactions": 8
    }',
    'the guide''s example'
);
select is(trustcart_api.customer360(1) ->> 'lifetime_value', '15000', 'money without zeros behind the point');
select is(
    (trustcart_api.customer360(2) - 'state_as_of') @> '{"customer_id": 2, "total_orders": 0, "lifetime_value": 0,
    "avg_order_value": null, "customer_type": null, "lifecycle_stage": "prospect"}',
    true, 'a prospect'
);
select set_eq(
    'select k from jsonb_object_keys(trustcart_api.customer360(1)) as k',
    $$select a.attname::text from pg_catalog.pg_attribute as a
    where a.attrelid = 'trustcart.customer_360_view'::regclass and a.attnum > 0 and not a.attisdropped$$,
    'the columns of the view'
);
select throws_ok(
    'select trustcart_api.customer360(null)', 'TC003', 'customerId is required', 'no customer is named'
);
select throws_ok('select trustcart_api.customer360(99)', 'TC004', null, 'an unknown customer');

select * from finish();
rollback;
