-- Who rings in: own numbers before family, active before closed, the latest order first; what is open for them.
begin;
select plan(13);

insert into trustcart.users (id, name) values (901, 'Agent One');
insert into trustcart.customers (id, first_name, last_name, phone, mobile, assigned_agent_id, is_active)
values
(1, 'Karim', 'Uddin', '01711111111', '01711-111111', 901, true), (2, 'Rahima', null, '০১৭১১১১১১১১', null, null, true),
(3, 'Selim', null, null, '01711111111', null, false), (4, 'Nila', null, '01744444444', null, null, true),
(5, null, null, '01755555555', null, null, true);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
values (4, 'Babul', 'spouse', '+8801711111111'), (1, 'Asha', 'child', '01711 111111');
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (2, '2025-06-01', 100), (1, '2025-05-01', 100), (3, '2025-06-05', 100);

select results_eq(
    $$ select customer_id, matched_as from trustcart.find_caller('01711111111') $$,
    $$
    values
    (2::bigint, 'customer'), (1, 'customer'), (3, 'customer'), (1, 'family: child'), (4, 'family: spouse')
    $$,
    'everyone with the number, once for all its columns, in order'
);
select results_eq(
    $$ select customer_name, matched_name from trustcart.find_caller('01711111111') $$,
    $$
    values
    ('Rahima', 'Rahima'), ('Karim Uddin', 'Karim Uddin'), ('Selim', 'Selim'), ('Karim Uddin', 'Asha'),
    ('Nila', 'Babul')
    $$,
    'whose account it is, and who has the number'
);
select set_eq(
    $$ select customer_id from trustcart.find_caller('+880 1744-444444') $$, 'values (4::bigint)',
    'however the number is written'
);
select results_eq(
    $$
    select customer_type, lifecycle_stage, priority_level, last_order_date, days_since_last_order, assigned_agent_id,
        agent_name, is_active
    from trustcart.find_caller('01711111111', '2025-06-11') where customer_id = 1 and matched_as = 'customer'
    $$,
    $$
    select customer_type, lifecycle_stage, priority_level, date '2025-05-01', 41, 901::bigint, 'Agent One', true
    from trustcart.customers where id = 1
    $$,
    'the card: what the customer is, when the last order was, whose it is'
);
select results_eq(
    $$ select customer_name, last_order_date, is_active from trustcart.find_caller('01755555555') $$,
    $$ values (null::text, null::date, true) $$, 'a customer without name or orders'
);
select results_eq(
    $$ select is_active from trustcart.find_caller('01711111111') where customer_id = 3 $$, 'values (false)',
    'a closed account says so'
);
select is_empty($$ select * from trustcart.find_caller('01799999999') $$, 'nobody has the number');

insert into trustcart.crm_call_tasks (id, customer_id, task_type, priority, task_date, status)
values
(801, 4, 'other', 'cold', '2025-06-11', 'pending'), (802, 4, 'follow_up', 'hot', '2025-06-11', 'pending'),
(803, 4, 'at_risk', 'hot', '2025-06-12', 'pending'), (804, 2, 'at_risk', 'hot', '2025-06-11', 'skipped');
select results_eq(
    $$ select open_task_id, open_task_type from trustcart.find_caller('01744444444', '2025-06-11') $$,
    $$ values (802::bigint, 'follow_up') $$, 'the first of the day''s open calls'
);
select results_eq(
    $$ select customer_id, open_task_id from trustcart.find_caller('01711111111', '2025-06-11') $$,
    $$ values (2::bigint, null::bigint), (1, null), (3, null), (1, null), (4, 802) $$, 'none where none is open'
);

select results_eq(
    $$ select do_not_call from trustcart.find_caller('01744444444') $$, 'values (false)', 'calls are allowed unless'
);
insert into trustcart.customer_consents (customer_id, channel, granted) values (4, 'sms', false), (4, 'call', false);
select results_eq(
    $$ select do_not_call from trustcart.find_caller('01744444444') $$, 'values (true)', 'they were forbidden'
);
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (4, 'call', true, now() - interval '1 day'), (4, 'call', true, now() + interval '1 day');
select results_eq(
    $$ select do_not_call from trustcart.find_caller('01744444444') $$, 'values (true)',
    'neither earlier nor future consent changes that'
);
insert into trustcart.customer_consents (customer_id, channel, granted) values (4, 'call', true);
select results_eq(
    $$ select do_not_call from trustcart.find_caller('01744444444') $$, 'values (false)', 'a later one does'
);

select * from finish();
rollback;
