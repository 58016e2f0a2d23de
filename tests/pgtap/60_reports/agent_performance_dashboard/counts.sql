-- One row a crm_agent; tasks and interactions are counted once, whatever their numbers.
begin;
select plan(8);

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'Idle', 'crm_agent', true), (3, 'M', 'crm_manager', true), (4, 'Left', 'crm_agent', false);
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, 1, 1, '2025-06-18' from generate_series(1, 6) as g (n);
update trustcart.crm_call_tasks set started_at = clock_timestamp() - interval '10 minutes' where id = 1;
update trustcart.crm_call_tasks set started_at = clock_timestamp() - interval '5 minutes' where id = 2;
select trustcart.complete_call_task(1, 'successful - order');
select trustcart.complete_call_task(2, 'unsuccessful');
select trustcart.complete_call_task(3, 'Successful');
select trustcart.skip_call_task(4);
select trustcart.complete_call_task(5, 'was unsuccessful');
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id)
select 1, 'sms', a.id from generate_series(1, 7) as g (n) cross join (values (1), (3)) as a (id);

select is(
    (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = 'trustcart.agent_performance_dashboard'::regclass and a.attnum between 1 and 7
    ),
    array[
        'agent_id', 'agent_name', 'total_tasks', 'completed_tasks', 'successful_calls', 'total_interactions',
        'avg_call_duration_minutes'
    ],
    'the columns of the guide come first'
);
select results_eq(
    $$select d.agent_id from trustcart.agent_performance_dashboard as d order by 1$$, array[1, 2, 4]::bigint [],
    'agents only, those who left included'
);
select results_eq(
    $$select d.total_tasks, d.completed_tasks, d.successful_calls, d.total_interactions
    from trustcart.agent_performance_dashboard as d where d.agent_id = 1$$,
    $$values (6::bigint, 4::bigint, 2::bigint, 11::bigint)$$,
    'counted once each; unsuccessful is not successful; a completed task is an interaction'
);
select is(
    (select round(d.avg_call_duration_minutes) from trustcart.agent_performance_dashboard as d where d.agent_id = 1),
    8::numeric,
    'the duration is from start to completion, of those that were started, in minutes'
);
select results_eq(
    $$select d.total_tasks, d.completed_tasks, d.successful_calls, d.total_interactions, d.avg_call_duration_minutes
    from trustcart.agent_performance_dashboard as d where d.agent_id = 2$$,
    $$values (0::bigint, 0::bigint, 0::bigint, 0::bigint, null::numeric)$$,
    'an agent without work has zeros'
);
update trustcart.crm_call_tasks set notes = 'a later note', updated_at = now() + interval '1 day' where id = 1;
select is(
    (select round(d.avg_call_duration_minutes) from trustcart.agent_performance_dashboard as d where d.agent_id = 1),
    8::numeric,
    'an edit afterwards makes no call longer'
);

select results_eq(
    $$select d.completion_rate, d.success_rate from trustcart.agent_performance_dashboard as d order by d.agent_id$$,
    $$values (66.67, 50.00), (0, 0), (0, 0)$$,
    'rates in percent, 0 of none'
);
select is(
    (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = 'trustcart.agent_performance_dashboard'::regclass and a.attnum > 7
    ),
    array['completion_rate', 'success_rate'], 'added columns come after them'
);

select * from finish();
rollback;
