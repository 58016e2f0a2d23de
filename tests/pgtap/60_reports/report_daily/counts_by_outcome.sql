begin;
select plan(4);

insert into trustcart.customers (id)
select n from generate_series(900001, 900008) as n;
insert into trustcart.crm_call_tasks (customer_id, task_date, status, outcome)
values
(900001, '2031-03-05', 'completed', 'successful - placed order'),
(900002, '2031-03-05', 'completed', 'unsuccessful'),
(900003, '2031-03-05', 'completed', 'no_answer'),
(900004, '2031-03-05', 'pending', null),
(900005, '2031-03-05', 'skipped', null),
(900006, '2031-03-05', 'expired', null),
(900007, '2031-03-05', 'cancelled', null),
(900008, '2031-03-06', 'pending', null);

select results_eq(
    $$select task_date, total_tasks, completed, successful, completion_rate, pending, skipped, expired, cancelled, carried
    from trustcart.report_daily('2031-03-05')$$,
    $$values ('2031-03-05'::date, 7::bigint, 3::bigint, 1::bigint, 42.86, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 0::bigint)$$,
    'each task once, by what became of it; unsuccessful is not successful'
);
select results_eq(
    $$select task_date, total_tasks, completion_rate from trustcart.report_daily('2031-03-07')$$,
    $$values ('2031-03-07'::date, 0::bigint, null::numeric)$$,
    'a day without tasks: zeros, and no rate'
);
select is(
    (select r.task_date from trustcart.report_daily() as r), trustcart.business_date(), 'by default today''s business date'
);
select throws_ok($$select * from trustcart.report_daily('infinity')$$, 'TC001', null, 'infinity is no date');

select * from finish();
rollback;
