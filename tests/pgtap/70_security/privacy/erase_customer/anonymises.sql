-- The person goes, the orders stay. What every column becomes, tests/python/test_privacy.py looks for.
begin;
select plan(14);

insert into trustcart.users (id, name, role) values (901, 'Agent', 'crm_agent');
insert into trustcart.customers (id, first_name, phone, email, date_of_birth, assigned_agent_id) values
(1, 'Rahima', '01711000111', 'rahima@example.com', '1990-01-01', 901), (2, 'Other', '01711000112', null, null, 901);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, notes) values
(1, trustcart.business_date(), 500, 'for Rahima'), (2, trustcart.business_date(), 7, 'for Other');
insert into trustcart.customer_family_members (customer_id, name, relationship) values (1, 'Karim', 'spouse');
insert into trustcart.customer_interactions (customer_id, interaction_type, details, outcome) values
(1, 'call', 'Rahima was glad', 'successful as Rahima said');
insert into trustcart.crm_call_tasks (customer_id, task_date, assigned_agent_id, notes) values
(1, trustcart.business_date(), 901, 'ask Rahima');
select trustcart.record_consent(1, 'sms', false, 'Rahima wrote');

create temporary table answer as select trustcart.erase_customer(1, ' letter 12 ') as erased;
select is((select erased -> 'already_erased' from answer), 'false', 'erased');
select results_eq(
    $$ select first_name, phone, phone_e164, email::text, date_of_birth::date, assigned_agent_id, is_active,
        erased_at = now(), order_count, total_spend from trustcart.customers where id = 1 $$,
    $$ values (null::text, null::text, null::text, null::text, null::date, null::bigint, false, true, 1, 500.00) $$,
    'a number with an order is left'
);
select is_empty('select * from trustcart.customer_family_members', 'no family');
select is_empty('select * from trustcart.customer_event_days', 'no birthday');
select is_empty($$ select * from trustcart_private.phone_book where customer_id = 1 $$, 'no number');
select results_eq(
    'select details, outcome, successful from trustcart.customer_interactions as i cross join lateral
    (select trustcart_private.is_successful_outcome(i.outcome)) as s (successful)',
    $$ values (null::text, 'successful', true) $$, 'of an outcome its first word'
);
select results_eq(
    'select status, notes, assigned_agent_id from trustcart.crm_call_tasks',
    $$ values ('cancelled', null::text, 901::bigint) $$, 'no call is open'
);
select results_eq(
    'select customer_id, notes from trustcart.sales_orders order by customer_id',
    $$ values (1::bigint, null::text), (2, 'for Other') $$, 'orders without words; those of others with'
);
select results_eq(
    'select channel, granted, recorded_at, source from trustcart.customer_consents',
    $$ values ('sms', false, now(), null::text) $$, 'the bare consent'
);
select results_eq(
    'select customer_id, reason from trustcart.customer_erasures', $$ values (1::bigint, 'letter 12') $$, 'the proof'
);
select results_eq(
    $$ select event_type, payload from trustcart.events where event_type = 'customer_erased' $$,
    $$ values ('customer_erased', '{}'::jsonb) $$, 'others are told'
);
select is_empty('select * from trustcart.check_customer_state()', 'every figure is right');
select is(trustcart.erase_customer(1) -> 'already_erased', 'true', 'a second time nothing happens');
select throws_ok('select trustcart.erase_customer(9)', 'TC004', null, 'nobody we know');

select * from finish();
rollback;
