-- After any insert, update, delete or truncate of orders the customer is right, in the same transaction.
begin;
select plan(15);
prepare wrong as select * from trustcart.check_customer_state();
insert into trustcart.customers (id) select g from generate_series(1, 5) as g;

insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, trustcart.business_date(), 100, 'pending');
select results_eq(
    $$
    select total_spend, last_order_date, customer_type, lifecycle_stage, priority_level
    from trustcart.customers where id = 1
    $$,
    $$ values (100.00, trustcart.business_date(), 'new', 'new', 'hot') $$,
    'one order'
);
select is_empty('wrong', 'after one order');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
select
    10 + g,
    1 + g % 5,
    trustcart.business_date() - g * 7,
    g,
    case when g % 4 = 0 then 'cancelled' else 'delivered' end
from generate_series(0, 30) as g;
select is_empty('wrong', 'after many');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (100, 1, trustcart.business_date() + 3, 9, 'pending');
select results_eq(
    $$ select next_order_date, state_valid_until from trustcart.customers where id = 1 $$,
    $$ values (trustcart.business_date() + 3, trustcart.business_date() + 3) $$,
    'one dated ahead waits for its day'
);
select is_empty('wrong', 'and does not count yet');
update trustcart.sales_orders set status = 'returned' where id in (1, 11, 12, 13);
select is_empty('wrong', 'after returns');
update trustcart.sales_orders set customer_id = 2, total_amount = total_amount + 5 where customer_id in (3, 4);
select is_empty('wrong', 'after moves to another customer');
select results_eq(
    $$ select order_count, customer_type, lifecycle_stage from trustcart.customers where id = 3 $$,
    $$ values (0, null, 'prospect') $$,
    'who has no order left is a prospect again'
);
update trustcart.sales_orders set order_date = order_date - 100;
select is_empty('wrong', 'after edited dates');
delete from trustcart.sales_orders where customer_id = 2;
select is_empty('wrong', 'after deletes');
update trustcart.sales_orders set id = id + 1000;
select is_empty('wrong', 'after changed keys');

-- Work that an order overtakes.
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date)
values (1, 5, 'at_risk', trustcart.business_date()), (2, 5, 'repeat_reminder', trustcart.business_date()),
(3, 5, 'follow_up', trustcart.business_date()), (4, 5, 'at_risk', trustcart.business_date());
update trustcart.crm_call_tasks set started_at = now() where id = 4;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (5, trustcart.business_date(), 1, 'pending');
select results_eq(
    $$ select id, status from trustcart.crm_call_tasks order by id $$,
    $$ values (1::bigint, 'cancelled'), (2, 'cancelled'), (3, 'pending'), (4, 'pending') $$,
    'an order of the day cancels pending at_risk and repeat_reminder calls, but not one that has begun'
);
select matches(close_reason, 'ordered', 'and says why') from trustcart.crm_call_tasks where id = 1;

truncate trustcart.sales_orders cascade;
select is_empty('wrong', 'after truncate');
select is(count(*), 0::bigint, 'nobody has orders then') from trustcart.customers where order_count > 0;
select * from finish();
rollback;
