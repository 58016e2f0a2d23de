-- A call or message that goes out during a dropoff episode is an attempt; an order after it makes it successful.
begin;
select plan(9);
set local client_min_messages = warning;

insert into trustcart.customers (id, first_name)
select g.n, 'Customer ' || g.n from generate_series(1, 6) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date() - 70, 500, 'delivered' from trustcart.customers as c;
select trustcart.detect_dropoffs();

select is(
    (select count(*) from trustcart.customer_dropoff_tracking as e where e.recovery_attempted), 0::bigint, 'not yet'
);
-- in bulk: a call, a message, an inbound call, and one from before the episode
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values
(1, 'call', 'outbound', now()), (1, 'sms', 'outbound', now()), (2, 'whatsapp', 'outbound', now() - interval '20 days'),
(3, 'call', 'inbound', now()), (4, 'call', 'outbound', now() - interval '50 days');
select results_eq(
    $$select e.customer_id from trustcart.customer_dropoff_tracking as e where e.recovery_attempted order by 1$$,
    array[1, 2]::bigint [],
    'what goes out during the episode'
);
insert into trustcart.crm_call_attempts (customer_id, outcome) values (5, 'no_answer');
select ok(
    (select e.recovery_attempted from trustcart.customer_dropoff_tracking as e where e.customer_id = 5),
    'an unanswered attempt too'
);
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (1, 6, trustcart.business_date());
select trustcart.complete_call_task(1, 'successful');
select ok(
    (select e.recovery_attempted from trustcart.customer_dropoff_tracking as e where e.customer_id = 6),
    'a completed task too'
);
select is(
    (select count(*) from trustcart.customer_dropoff_tracking as e where e.recovery_successful), 0::bigint,
    'no success without an order'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, trustcart.business_date(), 500, 'confirmed' from trustcart.customers as c where c.id in (1, 3);
select results_eq(
    $$select e.customer_id, e.recovery_successful from trustcart.customer_dropoff_tracking as e
    where e.customer_id in (1, 3) order by 1$$,
    $$values (1::bigint, true), (3, false)$$,
    'an order after it makes the recovery successful'
);
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values (3, 'call', 'outbound', now() - interval '5 days');
select results_eq(
    $$select e.recovery_attempted, e.recovery_successful from trustcart.customer_dropoff_tracking as e
    where e.customer_id = 3$$,
    $$values (true, true)$$,
    'also when the call was entered later than the order'
);
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
values (3, 'call', 'outbound', now() + interval '40 days');
select is((select count(*) from trustcart.customer_dropoff_tracking as e), 6::bigint, 'no episode is made by it');
update trustcart.sales_orders set status = 'cancelled' where customer_id = 1 and order_date = trustcart.business_date();
select results_eq(
    $$select e.recovery_attempted, e.recovery_successful from trustcart.customer_dropoff_tracking as e
    where e.customer_id = 1$$,
    $$values (true, false)$$,
    'a cancelled order is no success'
);

select * from finish();
rollback;
