-- POST /crm-automation/generate-call-tasks
begin;
select plan(4);

insert into trustcart.customers (id, first_name) values (1, 'John');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values (1, '2025-12-10', 100, 'delivered');
select ok(
    trustcart_api.generate_call_tasks('2025-12-19')
    @> '{"message": "Generated 1 call tasks for 2025-12-19", "breakdown": {"new_customer": 1}}',
    'the guide''s answer'
);
select is(trustcart_api.generate_call_tasks() ->> 'task_date', trustcart.business_date()::text, 'today without a date');
select is(trustcart_api.generate_call_tasks('') ->> 'task_date', trustcart.business_date()::text, 'or with a blank one');
select throws_ok($$select trustcart_api.generate_call_tasks('2025-13-40')$$, 'TC001', null, 'no date');

select * from finish();
rollback;
