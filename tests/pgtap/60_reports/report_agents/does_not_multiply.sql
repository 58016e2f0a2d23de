-- The guide's query joins tasks and interactions, which multiplies the rows its rate is taken of.
begin;
select plan(5);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name, role)
values (900001, 'Busy', 'crm_agent'), (900002, 'Idle', 'crm_agent'), (900003, 'Boss', 'crm_manager');
insert into trustcart.customers (id)
select n from generate_series(900001, 900004) as n;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
values
(900001, 900001, '2031-03-01', 'skipped'),
(900002, 900001, '2031-03-31', 'pending'),
(900003, 900001, '2031-02-28', 'pending'),
(900004, 900003, '2031-03-05', 'skipped');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status, outcome)
values (900004, 900001, '2031-03-05', 'completed', 'successful');
insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)
values
(900001, 'sms', 900001, '2031-02-28 17:59+00'),
(900001, 'sms', 900001, '2031-02-28 18:00+00'),
(900001, 'sms', 900001, '2031-03-31 17:59+00'),
(900001, 'sms', 900001, '2031-03-31 18:00+00');

select results_eq(
    $$select total_tasks, completed, successful, completion_rate, total_interactions
    from trustcart.report_agents('2031-03-15') where agent_id = 900001$$,
    $$values (3::bigint, 1::bigint, 1::bigint, 33.33, 2::bigint)$$,
    'each task and each interaction of the month once, the month in the business time zone'
);
select results_eq(
    $$select total_tasks, completed, successful, completion_rate, total_interactions
    from trustcart.report_agents('2031-03-15') where agent_id = 900002$$,
    $$values (0::bigint, 0::bigint, 0::bigint, 0.00, 0::bigint)$$,
    'an agent without tasks is there, with zeros'
);
select is_empty(
    $$select agent_name from trustcart.report_agents('2031-03-15') where agent_id = 900003$$, 'only agents are'
);
select results_eq(
    $$select agent_name from trustcart.report_agents('2031-03-01') where agent_id >= 900001$$,
    $$values ('Busy'), ('Idle')$$,
    'the most successful first'
);
select throws_ok($$select * from trustcart.report_agents(null)$$, 'TC001', null, 'null is no date');

select * from finish();
rollback;
