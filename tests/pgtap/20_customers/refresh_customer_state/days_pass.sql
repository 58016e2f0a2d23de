-- The history is dated by the day a threshold fell on, skipped stages included, whenever the job ran.
begin;
select plan(7);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, '2025-01-01', 100, 'delivered'), (1, '2025-01-10', 100, 'delivered'),
(2, '2025-01-01', 100, 'delivered'), (2, '2025-03-20', 100, 'delivered');
select trustcart.refresh_customer_state('2025-01-10', p_rewind => true);
select is(
    trustcart.refresh_customer_state('2025-06-01') - 'changes',
    '{"as_of": "2025-06-01", "advanced": 2, "relabelled": 0, "is_complete": true}',
    'months later, in one go'
);
select results_eq(
    $$
    select from_value, to_value, business_date, cause from trustcart.customer_state_changes
    where customer_id = 1 and attribute = 'lifecycle_stage' and business_date > '2025-01-10' order by id
    $$,
    $$
    values ('active', 'at_risk', date '2025-03-11', 'time'), ('at_risk', 'churned', '2025-04-11', 'time')
    $$,
    'at risk after 60 days, churned after more than 90'
);
select results_eq(
    $$
    select from_value, to_value, business_date, cause from trustcart.customer_state_changes
    where customer_id = 2 and attribute = 'lifecycle_stage' and business_date > '2025-01-10' order by id
    $$,
    $$
    values
    ('new', 'at_risk', date '2025-03-02', 'time'), ('at_risk', 'active', '2025-03-20', 'order'),
    ('active', 'at_risk', '2025-05-19', 'time')
    $$,
    'an order dated within the skipped days counts on its day'
);
select results_eq(
    $$
    select id, customer_type, lifecycle_stage, priority_level, state_as_of, state_valid_until
    from trustcart.customers order by id
    $$,
    $$
    values
    (1::bigint, 'inactive', 'churned', 'cold', date '2025-06-01', null::date),
    (2, 'repeat', 'at_risk', 'cold', '2025-06-01', '2025-06-18')
    $$,
    'the state is that of the date, and holds until the next threshold'
);
select is_empty($$ select * from trustcart.check_customer_state() $$, 'and agrees with recomputation');
select is(
    trustcart.refresh_customer_state('2025-06-01'),
    '{"as_of": "2025-06-01", "changes": 0, "advanced": 0, "relabelled": 0, "is_complete": true}',
    'a second run finds nothing to do'
);
select throws_ok(
    $$ select trustcart.refresh_customer_state('2025-05-31') $$,
    'TC104', null, 'it moves forward only'
);
select * from finish();
rollback;
