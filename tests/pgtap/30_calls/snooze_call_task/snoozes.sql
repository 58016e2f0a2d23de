-- A task is put off to a later hour of its day.
begin;
select plan(14);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() + p_hour) at time zone 'Asia/Dhaka'$$;
insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() from generate_series(1, 4) as g (n);
select trustcart.start_call_task(1, 1, pg_temp.at('09:00'));

select results_eq(
    $$select t.status, t.due_at, t.claimed_by, t.claimed_at, t.started_at, t.assigned_agent_id
    from trustcart.snooze_call_task(1, pg_temp.at('15:00'), pg_temp.at('09:10')) as t$$,
    $$values ('pending', pg_temp.at('15:00'), null::bigint, null::timestamptz, null::timestamptz, 1::bigint)$$,
    'due at that hour, nobody''s claim, still the agent''s'
);
select is((select c.id from trustcart.claim_next_call(1, pg_temp.at('09:20')) as c), 2::bigint, 'others come before');
select is((select c.id from trustcart.claim_next_call(1, pg_temp.at('15:00')) as c), 1::bigint, 'then it is first');
select is(
    (trustcart.snooze_call_task(3, pg_temp.at('11:00'), pg_temp.at('09:00'), 'k')).due_at, pg_temp.at('11:00'), 'with a key'
);
select trustcart.snooze_call_task(3, pg_temp.at('12:00'), pg_temp.at('09:00'));
select is(
    (trustcart.snooze_call_task(3, pg_temp.at('11:00'), pg_temp.at('09:00'), 'k')).due_at, pg_temp.at('12:00'),
    'the same request does nothing again'
);
select throws_ok(
    $$select trustcart.snooze_call_task(4, pg_temp.at('11:00'), pg_temp.at('09:00'), 'k')$$, 'TC106', null, 'nor another'
);
select throws_ok(
    $$select trustcart.snooze_call_task(4, pg_temp.at('09:00') + interval '1 day', pg_temp.at('09:00'))$$,
    'TC005', null, 'another day is another matter'
);
select throws_ok(
    $$select trustcart.snooze_call_task(4, pg_temp.at('08:59'), pg_temp.at('09:00'))$$, 'TC204', null, 'an hour that is past'
);
select throws_ok($$select trustcart.snooze_call_task(4, null)$$, 'TC003', 'until is required', 'no hour');
select throws_ok($$select trustcart.snooze_call_task(99, now())$$, 'TC004', null, 'unknown task');
update trustcart.crm_call_tasks set status = 'completed' where id = 1;
update trustcart.crm_call_tasks set status = 'skipped' where id = 2;
update trustcart.crm_call_tasks set status = 'cancelled' where id = 3;
select throws_ok($$select trustcart.snooze_call_task(1, pg_temp.at('16:00'))$$, 'TC101', null, 'completed');
select throws_ok($$select trustcart.snooze_call_task(2, pg_temp.at('16:00'))$$, 'TC102', null, 'skipped');
select throws_ok($$select trustcart.snooze_call_task(3, pg_temp.at('16:00'))$$, 'TC103', null, 'cancelled');
select is((select t.due_at from trustcart.crm_call_tasks as t where t.id = 4), null, 'refused is unchanged');

select * from finish();
rollback;
