-- One transaction makes two customers one. Collisions and sessions at once: tests/python/test_merge.py.
begin;
select plan(13);

insert into trustcart.customers (id, first_name, phone, notes) values
(1, 'Ana', null, 'a'), (2, 'Ana', '01711000111', 'b'), (3, 'C', null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values
(1, trustcart.business_date(), 30000), (2, trustcart.business_date() - 1, 30000);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone) values
(2, 'Kid', 'child', '01811000111');
select trustcart.record_consent(1, 'sms', true, null, null, now() - interval '2 days');
select trustcart.record_consent(2, 'sms', false, null, null, now() - interval '1 day');
select trustcart.record_consent(1, 'email', false, null, null, now() - interval '1 day');
select trustcart.record_consent(2, 'email', true, null, null, now() - interval '2 days');

create temporary table answer as select trustcart.merge_customers(1, 2, 'the same') as merged;
select is(
    (select merged - 'merge_id' - 'moved' from answer),
    '{"survivor_id": 1, "duplicate_id": 2, "filled": ["notes", "phone"]}'::jsonb,
    'says what it did'
);
select is(
    (select merged -> 'moved' from answer),
    '{"sales_orders": 1, "customer_consents": 2, "customer_family_members": 1, "customer_engagement_history": 2}'::jsonb,
    'and how much of it'
);
select results_eq(
    'select order_count, total_spend, customer_type, phone, notes from trustcart.customers where id = 1',
    $$ values (2, 60000.00, 'vip', '01711000111', E'a\nb') $$, 'all of both'
);
select results_eq(
    'select is_active, merged_into_id, order_count, first_name from trustcart.customers where id = 2',
    $$ values (false, 1::bigint, 0, 'Ana') $$, 'a shell'
);
select results_eq(
    $$ select channel, granted from trustcart.consent_of(1) where channel in ('email', 'sms') order by channel $$,
    $$ values ('email', false), ('sms', false) $$, 'the latest consent holds, whosever it was'
);
select results_eq(
    $$ select customer_id, matched_as from trustcart.find_caller('01711000111') $$,
    $$ values (1::bigint, 'customer') $$, 'the number rings for who goes on'
);
select results_eq(
    $$ select survivor_id, duplicate_id, reason, undone_at from trustcart.customer_merges $$,
    $$ values (1::bigint, 2::bigint, 'the same', null::timestamptz) $$, 'on record'
);
select is(
    (select count(*) from trustcart.events where event_type = 'customers_merged'), 2::bigint, 'others are told of both'
);
select is_empty('select * from trustcart.check_customer_state()', 'every figure is right');
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (2, trustcart.business_date(), 1);
select results_eq(
    'select customer_id, count(*) from trustcart.sales_orders group by 1', 'values (1::bigint, 3::bigint)',
    'an order under the old id goes on'
);
select throws_ok('select trustcart.merge_customers(3, 2)', 'TC111', null, 'merged already');
select throws_ok('select trustcart.merge_customers(2, 3)', 'TC111', null, 'a shell takes nobody');
select throws_ok('select trustcart.merge_customers(3, 3)', 'TC211', null, 'nor does one take itself');

select * from finish();
rollback;
