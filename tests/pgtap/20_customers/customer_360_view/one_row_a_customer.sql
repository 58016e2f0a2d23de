-- One row a customer, with figures that orders, family and interactions do not multiply.
begin;
select plan(12);

insert into trustcart.customers (id, first_name, last_name, email, phone)
values (1, 'John', 'Doe', 'john@example.com', '01700000000'), (2, 'New', null, null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1, trustcart.business_date() - 15 - 10 * g.n, 3000, 'delivered' from generate_series(0, 4) as g (n)
union all
select 1, trustcart.business_date() - 1, 99999, 'cancelled'
union all
select 1, trustcart.business_date() + 5, 99999, 'pending';
insert into trustcart.customer_family_members (customer_id, name, relationship)
select 1, 'Member ' || g.n, 'child' from generate_series(1, 3) as g (n);
insert into trustcart.customer_interactions (customer_id, interaction_type)
select 1, 'call' from generate_series(1, 8) as g (n);

select columns_are(
    'trustcart', 'customer_360_view',
    array[
        'customer_id', 'first_name', 'last_name', 'email', 'phone', 'customer_type', 'lifecycle_stage',
        'customer_temperature', 'lifetime_value', 'total_orders', 'avg_order_value', 'last_order_date',
        'days_since_last_order', 'family_members_count', 'total_interactions', 'preferred_categories',
        'avg_days_between_orders', 'mobile', 'assigned_agent_id', 'is_active', 'first_order_date',
        'next_order_expected_on', 'state_as_of', 'loyalty_tier'
    ],
    'the guide''s columns and ours'
);
select is(
    (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = 'trustcart.customer_360_view'::regclass and a.attnum between 1 and 17
    ),
    array[
        'customer_id', 'first_name', 'last_name', 'email', 'phone', 'customer_type', 'lifecycle_stage',
        'customer_temperature', 'lifetime_value', 'total_orders', 'avg_order_value', 'last_order_date',
        'days_since_last_order', 'family_members_count', 'total_interactions', 'preferred_categories',
        'avg_days_between_orders'
    ],
    'the guide''s first, in its order'
);
select is((select count(*) from trustcart.customer_360_view as v), 2::bigint, 'one row a customer');
select is(
    (
        select row(v.customer_type, v.lifecycle_stage, v.customer_temperature)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 1
    ),
    row('repeat', 'active', 'warm')::text,
    'the labels'
);
select is(
    (
        select row(v.lifetime_value, v.total_orders, v.avg_order_value)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 1
    ),
    row(15000.00, 5, 3000.00)::text,
    'the money of counted orders up to today'
);
select is(
    (select v.days_since_last_order from trustcart.customer_360_view as v where v.customer_id = 1), 15,
    'days since the last of them'
);
select is(
    (
        select row(v.family_members_count, v.total_interactions)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 1
    ),
    row(3, 8)::text,
    'family and interactions are counted, not multiplied'
);
select is(
    (
        select row(v.avg_days_between_orders, v.next_order_expected_on)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 1
    ),
    row(10, trustcart.business_date() - 5)::text,
    'the rhythm, and when the next order is due by it'
);
select is(
    (
        select row(v.customer_type, v.lifecycle_stage, v.total_orders, v.lifetime_value, v.avg_order_value)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 2
    ),
    row(null, 'prospect', 0, 0.00, null)::text,
    'a prospect is there too'
);
select is(
    (
        select row(v.days_since_last_order, v.family_members_count, v.total_interactions)::text
        from trustcart.customer_360_view as v
        where v.customer_id = 2
    ),
    row(null, 0, 0)::text,
    'with nothing counted'
);

-- The view asks for the business date in its own words, for speed; the two must not part.
update trustcart.settings set time_zone = 'Pacific/Kiritimati';
select is(
    (select v.days_since_last_order from trustcart.customer_360_view as v where v.customer_id = 1),
    (select trustcart.business_date() - c.last_order_date from trustcart.customers as c where c.id = 1),
    'days are counted to business_date() of an eastern zone'
);
update trustcart.settings set time_zone = 'Etc/GMT+12';
select is(
    (select v.days_since_last_order from trustcart.customer_360_view as v where v.customer_id = 1),
    (select trustcart.business_date() - c.last_order_date from trustcart.customers as c where c.id = 1),
    'and of a western one'
);

select * from finish();
rollback;
