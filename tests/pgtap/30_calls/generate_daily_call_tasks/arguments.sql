-- The date comes as a date, as text or not at all; what is none is refused and leaves nothing.
begin;
select plan(13);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, '2025-12-01', 900, 'delivered'), (1, trustcart.business_date() - 70, 900, 'delivered');

select is(
    generate_daily_call_tasks('2025-12-19') ->> 'message', 'Generated 1 call tasks for 2025-12-19',
    'as the guide calls it'
);
select is(
    trustcart.generate_daily_call_tasks('2025-12-20'::text) ->> 'task_date', '2025-12-20', 'text'
);
select is(
    trustcart.generate_daily_call_tasks(date '2025-12-21') ->> 'task_date', '2025-12-21', 'date'
);
select is(
    trustcart.generate_daily_call_tasks(p_task_date => '2025-12-22') ->> 'task_date', '2025-12-22', 'by name'
);
select is(
    generate_daily_call_tasks(current_date::text) ->> 'task_date', current_date::text,
    'the guide''s way out when no tasks are there'
);
select is(
    trustcart.generate_daily_call_tasks() ->> 'task_date', trustcart.business_date()::text, 'today without one'
);
select is(trustcart.generate_daily_call_tasks('2025-12-19') -> 'breakdown', '{}', 'nothing twice');
select throws_ok($$select trustcart.generate_daily_call_tasks('2025-13-40')$$, 'TC001', null, 'no such month');
select throws_ok($$select trustcart.generate_daily_call_tasks('')$$, 'TC001', null, 'empty');
select throws_ok($$select trustcart.generate_daily_call_tasks('today')$$, 'TC001', null, 'a word');
select throws_ok($$select trustcart.generate_daily_call_tasks(date 'infinity')$$, 'TC001', null, 'infinity');
select throws_ok($$select trustcart.generate_daily_call_tasks(null::date)$$, 'TC001', null, 'null');
select throws_ok($$select trustcart.generate_daily_call_tasks(null::text)$$, 'TC001', null, 'null as text');

select * from finish();
rollback;
