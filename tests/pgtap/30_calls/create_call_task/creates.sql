-- create_call_task() makes a task by hand, with everything that can follow from the customer.
begin;
select plan(21);
-- The calls are those that the test makes.
update trustcart.loyalty_tiers set call_task_type = null;
set local client_min_messages = warning;

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false),
(4, 'Manager', 'crm_manager', true);
insert into trustcart.customers (id, first_name, assigned_agent_id, is_active)
values (1, 'Own', 2, true), (2, 'Nobody''s', null, true), (3, 'Of one who left', 3, true), (4, 'Closed', null, false);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (3, trustcart.business_date() - 5, 60000, 'delivered');

create function pg_temp.created(p_id bigint) returns setof trustcart.crm_call_tasks language sql as $$
select t.* from trustcart.crm_call_tasks as t where t.id = p_id
$$;

select results_eq(
    $$select t.customer_id, t.task_type, t.priority, t.task_date, t.status, t.source, t.assigned_agent_id
    from pg_temp.created(trustcart.create_call_task(1, 'congratulate_gold_member')) as t$$,
    $$values (1::bigint, 'congratulate_gold_member', 'hot', trustcart.business_date(), 'pending', 'manual', 2::bigint)$$,
    'the guide''s call: for today, hot by its type, to the own agent'
);
select is(
    (select t.assigned_agent_id from pg_temp.created(trustcart.create_call_task(2, 'other')) as t),
    1::bigint, 'without an own agent the least loaded one'
);
select is(
    (select t.assigned_agent_id from pg_temp.created(trustcart.create_call_task(3, 'other')) as t),
    1::bigint, 'the same where the own agent left; of equal ones the first'
);
select is(
    (select t.assigned_agent_id from pg_temp.created(trustcart.create_call_task(2, 'other')) as t),
    2::bigint, 'and then the other'
);
select is(
    (select t.priority from pg_temp.created(trustcart.create_call_task(3, 'other')) as t),
    'hot', 'hot for a high spend'
);
select is(
    (select t.priority from pg_temp.created(trustcart.create_call_task(2, 'other')) as t), 'cold', 'else cold'
);
select is(
    (select t.priority from pg_temp.created(trustcart.create_call_task(2, 'follow_up')) as t),
    'warm', 'at least that of the type'
);
select is(
    (select t.priority from pg_temp.created(trustcart.create_call_task(3, 'other', 'cold')) as t),
    'cold', 'or as given'
);
select is(
    (
        select t.task_date from pg_temp.created(trustcart.create_call_task(
            1, 'other',
            p_due_at => (trustcart.business_date() + 3 + time '16:30') at time zone 'Asia/Dhaka'
        )) as t
    ),
    trustcart.business_date() + 3, 'a callback at an hour is a task of its day'
);
select is(
    (
        select t.assigned_agent_id
        from pg_temp.created(trustcart.create_call_task(1, 'other', p_assigned_agent_id => 1)) as t
    ),
    1::bigint, 'to the agent given'
);

select throws_ok($$select trustcart.create_call_task(null, 'other')$$, 'TC003', 'customer_id is required', 'no customer');
select throws_ok($$select trustcart.create_call_task(1, ' ')$$, 'TC003', 'task_type is required', 'no type');
select throws_ok($$select trustcart.create_call_task(99, 'other')$$, 'TC004', null, 'unknown customer');
select throws_ok($$select trustcart.create_call_task(4, 'other')$$, 'TC202', null, 'inactive customer');
select throws_ok($$select trustcart.create_call_task(1, 'chat')$$, 'TC002', null, 'unknown type');
select throws_ok($$select trustcart.create_call_task(1, 'other', 'urgent')$$, 'TC002', null, 'unknown priority');
select throws_ok(
    $$select trustcart.create_call_task(1, 'other', null, trustcart.business_date() - 1)$$, 'TC204', null, 'yesterday'
);
select throws_ok(
    $$select trustcart.create_call_task(1, 'other', null, trustcart.business_date() + 1, p_due_at => now() + '9 days')$$,
    'TC005', null, 'two dates that disagree'
);
select throws_ok(
    $$select trustcart.create_call_task(1, 'other', p_assigned_agent_id => 4)$$, 'TC201', null, 'a manager takes no calls'
);
update trustcart.call_task_types set is_enabled = false where task_type = 'other';
select throws_ok($$select trustcart.create_call_task(1, 'other')$$, 'TC203', null, 'disabled type');
update trustcart.users set is_active = false;
select is(
    (select t.assigned_agent_id from pg_temp.created(trustcart.create_call_task(1, 'follow_up')) as t),
    null, 'without an active agent it waits for one'
);

select * from finish();
rollback;
