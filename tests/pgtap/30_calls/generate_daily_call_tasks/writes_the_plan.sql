-- generate_daily_call_tasks() is plan_daily_call_tasks() written down; run again it writes and changes nothing.
begin;
update trustcart.settings set calls_per_agent_day = 100000;
select plan(14);
set local client_min_messages = warning;

insert into trustcart.users (id, name, is_active) values (1, 'A', true), (2, 'B', true), (3, 'Left', false);
insert into trustcart.customers (id, first_name, date_of_birth, assigned_agent_id)
select
    g.n, 'Customer ' || g.n, date '1980-01-01' + g.n * 37, case when g.n % 4 > 0 then g.n % 4 end
from generate_series(1, 400) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1 + (g.n * 7919) % 390, trustcart.business_date() - ((g.n * g.n * 31) % 300), 100 + (g.n * 13) % 20000, 'delivered'
from generate_series(1, 1200) as g (n);
insert into trustcart.customer_interactions
    (customer_id, interaction_type, direction, outcome, interaction_date)
select
    1 + (g.n * 104729) % 400, 'call', 'outbound', (array['no_answer', 'follow_up_needed', 'successful'])[1 + g.n % 3],
    now() - make_interval(days => 1 + g.n % 200)
from generate_series(1, 300) as g (n);

create temporary table planned on commit drop as
select p.* from trustcart.plan_daily_call_tasks() as p;
create temporary table generated on commit drop as
select trustcart.generate_daily_call_tasks() as result;

select cmp_ok(
    (select count(*) from planned as p where p.decision = 'kept'), '>', 100::bigint, 'there is something to do'
);
select set_eq(
    $$select t.customer_id, t.task_type, t.priority, t.assigned_agent_id, t.reasons, t.notes, t.status, t.task_date
    from trustcart.crm_call_tasks as t where t.source = 'generated'$$,
    $$select p.customer_id, p.task_type, p.priority, p.agent_id, p.reasons, p.notes, 'pending', trustcart.business_date()
    from planned as p where p.decision = 'kept'$$,
    'the tasks are the kept rows of the plan'
);
select is(
    (select g.result ->> 'message' from generated as g),
    format(
        'Generated %s call tasks for %s',
        (select count(*) from planned as p where p.decision = 'kept'), trustcart.business_date()
    ),
    'the message of the guide'
);
select is(
    (select g.result -> 'breakdown' from generated as g),
    (
        select jsonb_object_agg(k.task_type, k.tasks) from (
            select p.task_type, count(*) as tasks from planned as p where p.decision = 'kept' group by p.task_type
        ) as k
    ),
    'the breakdown of the guide'
);
select is(
    (select (g.result ->> 'dropped')::bigint from generated as g),
    (select count(*) from planned as p where p.decision = 'dropped'),
    'and how many were dropped'
);
select is_empty(
    $$select 1 from trustcart.crm_call_tasks as t where t.assigned_agent_id not in (1, 2) or t.assigned_agent_id is null$$,
    'every task has an active agent'
);
select is(
    (
        select array_agg(l.task ->> 'priority' order by l.place)
        from jsonb_array_elements(trustcart_api.call_tasks_today(1)) with ordinality as l (task, place)
    ),
    (
        select array_agg(t.priority order by array_position(array['hot', 'warm', 'cold'], t.priority))
        from trustcart.crm_call_tasks as t where t.assigned_agent_id = 1
    ),
    'an agent''s list is hot before warm before cold'
);

-- The day goes on, then the job runs again.
select trustcart.complete_call_task((select min(t.id) from trustcart.crm_call_tasks as t), 'successful');
select trustcart.skip_call_task((select max(t.id) from trustcart.crm_call_tasks as t), 'number is wrong');
update trustcart.crm_call_tasks set notes = 'mine', assigned_agent_id = 2 where assigned_agent_id = 1 and status = 'pending';
create temporary table worked on commit drop as select t.* from trustcart.crm_call_tasks as t;
select is(
    trustcart.generate_daily_call_tasks() - 'message',
    (
        select g.result - 'message' || jsonb_build_object(
            'breakdown', '{}'::jsonb, 'created', 0, 'already_there', g.result -> 'created'
        )
        from generated as g
    ),
    'run again it creates none'
);
select results_eq(
    $$select t.* from trustcart.crm_call_tasks as t order by t.id$$,
    $$select w.* from worked as w order by w.id$$,
    'and changes none'
);
select is(
    (trustcart.generate_daily_call_tasks() ->> 'total')::bigint,
    (select count(*) from planned as p where p.decision = 'kept'),
    'total counts the tasks of the date'
);

-- What is missing is added.
delete from trustcart.crm_call_tasks where id = (
    select t.id from trustcart.crm_call_tasks as t where t.status = 'pending' order by t.id limit 1
);
select is(trustcart.generate_daily_call_tasks() ->> 'created', '1', 'a task that is missing is written again');

-- A manual task of the same customer and day is no obstacle for another.
select throws_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, task_date, source)
    select t.customer_id, t.task_date, 'generated' from trustcart.crm_call_tasks as t limit 1$$,
    '23505', null, 'a second generated task of a customer and day is impossible'
);
select isnt(
    trustcart.generate_daily_call_tasks(trustcart.business_date() - 40) ->> 'created', '0', 'a past day can be generated'
);
select is(
    (
        select count(*)
        from trustcart.plan_daily_call_tasks(trustcart.business_date() - 40) as p
        where
            p.decision = 'kept'
            and not exists (
                select from trustcart.customer_interactions as i
                where
                    i.customer_id = p.customer_id
                    and i.interaction_type = 'call'
                    and (i.interaction_date at time zone 'Asia/Dhaka')::date = trustcart.business_date() - 40
            )
    ),
    (select count(*) from trustcart.crm_call_tasks as t where t.task_date = trustcart.business_date() - 40),
    'from what was known then, but for those who were called on the day itself'
);

select * from finish();
rollback;
