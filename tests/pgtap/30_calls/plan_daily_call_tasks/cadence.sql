-- The guide's strategy, day by day: who makes every call of the plan makes no more than it allows.
begin;
select plan(9);

insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 5) as g (n);
-- 1 new; 2 repeat, every 20 days; 3 vip, every 10 days, all of them then silent; 4 not called by the plan's days
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1, date '2025-03-01', 100, 'delivered'
union all
select 2, date '2025-03-01' - 20 * k.n, 100, 'delivered' from generate_series(0, 3) as k (n)
union all
select 3, date '2025-03-01' - 10 * k.n, 100, 'delivered' from generate_series(0, 6) as k (n);

-- Each call planned is made at ten in the morning and not answered.
create temporary table made (customer_id bigint, called_on date, task_type text) on commit drop;
do $$
declare
    v_date date;
begin
    for v_date in select g.n::date from generate_series(date '2025-03-02', '2025-08-31', interval '1 day') as g (n) loop
        insert into made
        select p.customer_id, v_date, p.task_type
        from trustcart.plan_daily_call_tasks(v_date) as p where p.decision = 'kept';
        insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
        select p.customer_id, (v_date + time '10:00') at time zone 'Asia/Dhaka', 'busy'
        from made as p where p.called_on = v_date;
    end loop;
end;
$$;
select results_eq(
    $$select m.called_on, m.task_type from made as m where m.customer_id = 1 and m.called_on <= '2025-04-15' order by 1$$,
    $$values (date '2025-03-02', 'new_customer'), ('2025-03-09', 'new_customer'), ('2025-03-16', 'new_customer')$$,
    'a new customer: three calls in the first month, a week apart'
);
select results_eq(
    $$select m.called_on, m.task_type from made as m where m.customer_id = 1 and m.called_on > '2025-04-15' order by 1$$,
    $$values (date '2025-04-30', 'at_risk'), ('2025-05-14', 'at_risk'),
    ('2025-05-30', 'at_risk'), ('2025-06-06', 'at_risk'), ('2025-06-13', 'at_risk')$$,
    'silent for 60 days: two calls a fortnight apart; from 90 days on three, a week apart, then no more'
);
select is(
    (select max(m.called_on) from made as m),
    date '2025-06-13',
    'nobody is called again until an order'
);
select results_eq(
    $$select m.called_on from made as m where m.customer_id = 2 and m.task_type = 'repeat_reminder' order by 1$$,
    $$values (date '2025-03-21'), ('2025-04-20')$$,
    'a repeat customer: one call in thirty days'
);
select cmp_ok(
    (
        select max(w.calls) from (
            select count(*) as calls
            from made as m
            inner join made as o on m.customer_id = o.customer_id and o.called_on between m.called_on and m.called_on + 29
            where m.customer_id = 3 and o.task_type = 'repeat_reminder' group by m.called_on
        ) as w
    ),
    '<=',
    2::bigint,
    'a vip: two reminders in any thirty days'
);
select is(
    (
        select count(*) from made as m
        where m.customer_id = 3 and m.task_type = 'repeat_reminder' and m.called_on < '2025-04-10'
    ),
    2::bigint,
    'and in the first month of them both are made'
);
select is(
    (select count(*) from made as m where m.customer_id = 3 and m.called_on >= '2025-05-30'),
    3::bigint,
    'a vip gone silent gets the three win-back calls too'
);
select is_empty(
    $$select 1 from made as m group by m.customer_id, m.called_on having count(*) > 1$$,
    'nobody is called twice a day'
);
select is_empty(
    $$select 1 from made as m where m.customer_id in (4, 5)$$,
    'who never ordered is not called'
);

select * from finish();
rollback;
