-- The plan written down in one statement: tasks with all that the plan says, the fate of past calls, who waits.
begin;
select plan(12);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent');
update trustcart.settings set calls_per_agent_day = 2, quiet_from = '21:00', quiet_until = '09:00';
insert into trustcart.customers (id, first_name) select g.n, 'Customer ' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, date '2025-04-10', 500 - g.n, 'delivered' from generate_series(1, 3) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, priority, task_date, created_at, notes)
values (900, 4, 1, 'other', 'hot', '2025-06-17', '2025-06-16 10:00+06', 'Ask about the gift');

create temporary table planned on commit drop as
select p.* from trustcart.plan_daily_call_tasks('2025-06-18') as p;
select is(
    trustcart_private.write_call_list('2025-06-18'),
    '{"message": "Generated 2 call tasks for 2025-06-18", "breakdown": {"other": 1, "at_risk": 1},
    "task_date": "2025-06-18", "created": 2, "already_there": 0, "dropped": 2, "no_capacity": 2, "overtaken": 0, "carried": 1,
    "expired": 0, "total": 2}'::jsonb,
    'what it did'
);
select set_eq(
    $$select t.customer_id, t.assigned_agent_id, t.task_type, t.priority, t.reasons, t.list_position, t.call_from,
        t.call_until, t.why_agent, t.notes, t.first_planned_on, t.predecessor_id
    from trustcart.crm_call_tasks as t where t.source = 'generated'$$,
    $$select p.customer_id, p.agent_id, p.task_type, p.priority, p.reasons, p.list_position, p.call_from,
        p.call_until, p.why_agent, p.notes, p.first_planned_on, p.carried_from[1]
    from planned as p where p.decision = 'kept'$$,
    'a task has all that the plan says'
);
select is(
    (select array_agg(t.list_position order by t.list_position) from trustcart.crm_call_tasks as t where t.source = 'generated'),
    array[1, 2],
    'its place in the list included'
);
select is(
    (select array_agg(distinct t.call_from) from trustcart.crm_call_tasks as t where t.source = 'generated'),
    array['2025-06-18 09:00+06']::timestamptz [],
    'and the hours'
);
select results_eq(
    $$select t.status, t.close_reason from trustcart.crm_call_tasks as t where t.id = 900$$,
    $$values ('carried', 'carried over to 2025-06-18')$$,
    'the past call is closed'
);
select is(
    (select array_agg(l.customer_id order by l.customer_id) from trustcart.call_waiting_list as l),
    array[2, 3]::bigint [],
    'who waits'
);
select is(
    trustcart_private.write_call_list('2025-06-18') - 'message',
    '{"breakdown": {}, "task_date": "2025-06-18", "created": 0, "already_there": 2, "dropped": 2, "no_capacity": 2, "overtaken": 0,
    "carried": 0, "expired": 0, "total": 2}'::jsonb,
    'again: nothing'
);

-- When an agent's last place, or the agent, is gone in the meantime, generate_daily_call_tasks() looks again. A trigger
-- plays the other session.
-- Each try's rollback takes everything back but a sequence: it counts them.
create sequence pg_temp.tries minvalue -100 start 1;
create function pg_temp.disturb_twice() returns trigger language plpgsql as $$
begin
    if new.source = 'generated' and nextval('pg_temp.tries') < 3 then
        raise exception using errcode = tg_argv[0], message = 'meanwhile';
    end if;
    return new;
end;
$$;
create trigger disturb before insert on trustcart.crm_call_tasks for each row
execute function pg_temp.disturb_twice('TC206');
select throws_ok(
    $$select trustcart_private.write_call_list('2025-06-19')$$, 'TC206', null, 'a place that is gone'
);
select setval('pg_temp.tries', 1, false);
select lives_ok($$select trustcart.generate_daily_call_tasks('2025-06-19')$$, 'looked at again after TC206');
drop trigger disturb on trustcart.crm_call_tasks;
select setval('pg_temp.tries', 1, false);
create trigger disturb before insert on trustcart.crm_call_tasks for each row
execute function pg_temp.disturb_twice('TC207');
select lives_ok($$select trustcart.generate_daily_call_tasks('2025-06-20')$$, 'an agent went on leave');
drop trigger disturb on trustcart.crm_call_tasks;
select setval('pg_temp.tries', 1, false);
create trigger disturb before insert on trustcart.crm_call_tasks for each row
execute function pg_temp.disturb_twice('TC201');
select lives_ok($$select trustcart.generate_daily_call_tasks('2025-06-21')$$, 'an agent left');
drop trigger disturb on trustcart.crm_call_tasks;
select setval('pg_temp.tries', -100, false);
create trigger disturb before insert on trustcart.crm_call_tasks for each row
execute function pg_temp.disturb_twice('TC206');
select throws_ok(
    $$select trustcart.generate_daily_call_tasks('2025-06-22')$$, 'TC206', null, 'but not for ever'
);

select * from finish();
rollback;
