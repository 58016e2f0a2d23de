begin;
select plan(6);

insert into trustcart.users (id, name, role)
values (900001, 'A', 'crm_agent'), (900002, 'B', 'crm_agent'), (900003, 'M', 'crm_manager');
insert into trustcart.customers (id) values (900001);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
values
(900001, 900001, '2031-03-01'), (900001, 900001, '2031-03-15'), (900001, 900001, '2031-02-28'),
(900001, 900001, '2031-03-16');

select is(
    (select p.total_tasks from trustcart.agent_performance(900001, p_to => '2031-03-15') as p),
    2::bigint, 'without a beginning: the month so far'
);
select is(
    (select count(*) from trustcart.agent_performance() as p where p.agent_id > 900000), 2::bigint, 'all agents, this month'
);
select throws_ok($$select * from trustcart.agent_performance(900003)$$, 'TC004', null, 'a manager is no agent');
select throws_ok($$select * from trustcart.agent_performance(900009)$$, 'TC004', null, 'unknown');
select throws_ok(
    $$select * from trustcart.agent_performance(null, '2031-03-15', '2031-03-01')$$, 'TC005', null, 'ends before it begins'
);
select throws_ok(
    $$select * from trustcart.agent_performance(null, '-infinity', '2031-03-01')$$, 'TC001', null, 'since ever'
);

select * from finish();
rollback;
