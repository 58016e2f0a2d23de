-- An order of the day, placed before the list is written, acts on the task as one placed after it does.
begin;
select plan(4);

insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'Ordered today'), (2, 'Did not');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, trustcart.business_date() - 70, 500, 'delivered' from generate_series(1, 2) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date(), 500, 'pending');

select is(
    (select count(*) from trustcart.plan_daily_call_tasks() as p where p.decision = 'kept' and p.task_type = 'at_risk'),
    2::bigint,
    'the plan does not know the orders of the day'
);
select is(trustcart.generate_daily_call_tasks() ->> 'overtaken', '1', 'one call is pointless');
select results_eq(
    $$select t.customer_id, t.status, t.close_reason from trustcart.crm_call_tasks as t order by 1$$,
    $$values
    (1::bigint, 'cancelled', format('the customer ordered on %s', trustcart.business_date())), (2, 'pending', null)$$,
    'it is written and cancelled, the other is on the list'
);
select is(
    (select d.calls from trustcart.agent_days as d where d.agent_id = 1 and d.work_date = trustcart.business_date()),
    1,
    'and takes no place'
);

select * from finish();
rollback;
