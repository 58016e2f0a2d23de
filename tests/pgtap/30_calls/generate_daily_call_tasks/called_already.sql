-- Whom somebody has called since the day began gets no task of its list.
begin;
select plan(7);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent');
insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 6) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() - 70, 500, 'delivered' from trustcart.customers as c;
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(1, 'call', 'outbound', now()), (2, 'sms', 'outbound', now()), (3, 'call', 'inbound', now());
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values (4, now(), 'no_answer');
insert into trustcart.crm_call_tasks (customer_id, task_date, status, outcome)
values (5, trustcart.business_date(), 'completed', 'successful');

select is(
    (select count(*) from trustcart.plan_daily_call_tasks() as p where p.decision = 'kept'),
    6::bigint,
    'the plan does not know the day'
);
select is(trustcart.generate_daily_call_tasks() ->> 'created', '3', 'what is written does');
select is(
    (select array_agg(t.customer_id order by t.customer_id) from trustcart.crm_call_tasks as t where t.source = 'generated'),
    array[2, 3, 6]::bigint [],
    'a message, or their own call, is no call of ours'
);
select is_empty('select 1 from trustcart.call_waiting_list', 'who was called does not wait');
-- A call taken back, because it was entered by mistake.
delete from trustcart.customer_interactions where customer_id = 1;
select is(trustcart.generate_daily_call_tasks() ->> 'created', '1', 'a call that was none does not stand in the way');
-- Who is called after the list is written keeps the task: it is the call's.
insert into trustcart.customer_interactions (customer_id, interaction_type) values (6, 'call');
select is(trustcart.generate_daily_call_tasks() ->> 'created', '0', 'again: nothing');
select is(
    (select t.status from trustcart.crm_call_tasks as t where t.customer_id = 6), 'pending', 'and nothing is changed'
);

select * from finish();
rollback;
