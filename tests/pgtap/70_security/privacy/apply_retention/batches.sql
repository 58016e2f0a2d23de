begin;
select plan(9);

update trustcart.settings set free_text_keep_months = 3, inactive_customers_keep_months = 6;
insert into trustcart.customers (id, is_active, updated_at)
select g.id, g.id > 3, '2024-01-01 00:00+06' from generate_series(1, 5) as g (id);
insert into trustcart.customer_interactions (customer_id, interaction_type, details, interaction_date)
select c.id, 'visit', 'words', '2024-01-01 10:00+06' from trustcart.customers as c;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status, notes)
select c.id, '2024-01-01', 100, 'delivered', 'words' from trustcart.customers as c where c.id > 3;

select is(
    trustcart.apply_retention('2025-06-30', 4) - '{as_of,call_requests,answered_requests}'::text[],
    '{"free_text": {"customer_interactions": 4}, "customers_erased": 1, "late_rows": {}, "is_complete": false}',
    'so many rows of a table, a customer'
);
select is(
    trustcart.apply_retention('2025-06-30', 4) -> 'free_text', '{"customer_interactions": 1, "sales_orders": 2}',
    'from where it stopped, and on to the next table'
);
select is(trustcart.apply_retention('2025-06-30', 4) ->> 'customers_erased', '1', 'customer by customer');
select is(trustcart.apply_retention('2025-06-30', 4) ->> 'is_complete', 'true', 'until all is done');
select is_empty('select * from trustcart_private.batch_positions', 'then nothing is kept');
select results_eq(
    'select id from trustcart.customers where erased_at is not null order by id', array[1, 2, 3]::bigint[],
    'the closed accounts'
);

-- What comes in about the erased is met again by the next run, one after the other.
insert into trustcart.events (event_type, customer_id, payload)
select 'order_placed', c.id, '{"name": "somebody"}' from trustcart.customers as c where c.id <= 3;
select is(trustcart.apply_retention('2025-06-30', 4) -> 'late_rows', '{"events": 1}', 'late rows of one');
select is(trustcart.apply_retention('2025-06-30', 400) -> 'late_rows', '{"events": 2}', 'and of the others');
select is(
    trustcart.apply_retention('2025-06-30') - '{as_of,call_requests,answered_requests}'::text[],
    '{"free_text": {}, "customers_erased": 0, "late_rows": {}, "is_complete": true}', 'nothing is left'
);

select * from finish();
rollback;
