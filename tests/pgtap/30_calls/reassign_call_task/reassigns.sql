-- A task is given to another agent; who has begun a call keeps it. Hours are yesterday's: a call is begun no later than
-- now.
begin;
select plan(18);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() - 1 + p_hour) at time zone 'Asia/Dhaka'$$;
insert into trustcart.users (id, name, role)
values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent'), (3, 'M', 'crm_manager'), (4, 'Away', 'crm_agent');
insert into trustcart.agent_leave (agent_id, during)
values (4, daterange(trustcart.business_date(), trustcart.business_date(), '[]'));
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 6) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() - case when g.n < 4 then 1 else 0 end from generate_series(1, 6) as g (n);
select trustcart.claim_next_call(1, pg_temp.at('09:00'));
select trustcart.start_call_task(2, 1, pg_temp.at('09:00'));
select trustcart.start_call_task(3, p_at => pg_temp.at('09:00'));

select results_eq(
    $$select t.assigned_agent_id, t.why_agent, t.claimed_by, t.status
    from trustcart.reassign_call_task(1, 2, 'speaks English', pg_temp.at('09:05')) as t$$,
    $$values (2::bigint, 'speaks English', null::bigint, 'pending')$$, 'claimed but not begun, it goes over'
);
select results_eq(
    $$select h.from_agent_id, h.to_agent_id, h.why from trustcart.crm_call_task_assignments as h where h.task_id = 1$$,
    $$values (1::bigint, 2::bigint, 'speaks English')$$, 'whose it was is kept'
);
select throws_ok(
    $$select trustcart.reassign_call_task(2, 2, p_at => pg_temp.at('09:05'))$$, 'TC109', null, 'begun, it does not'
);
select throws_ok(
    $$select trustcart.reassign_call_task(3, 2, p_at => pg_temp.at('09:05'))$$, 'TC109', null, 'nor without a claim'
);
select isnt(
    (trustcart.reassign_call_task(2, 1, p_at => pg_temp.at('09:05'))).started_at, null, 'to whoever has begun it, it stays'
);
select results_eq(
    $$select t.assigned_agent_id, t.started_at from trustcart.reassign_call_task(2, 2, p_at => pg_temp.at('10:00')) as t$$,
    $$values (2::bigint, null::timestamptz)$$, 'left lying, it goes over'
);
select is((trustcart.reassign_call_task(4, 2, p_request_id => 'k')).assigned_agent_id, 2::bigint, 'with a key');
select trustcart.reassign_call_task(4, 1);
select is((trustcart.reassign_call_task(4, 2, p_request_id => 'k')).assigned_agent_id, 1::bigint, 'again does nothing again');
select throws_ok($$select trustcart.reassign_call_task(5, 2, p_request_id => 'k')$$, 'TC106', null, 'another request');

select throws_ok($$select trustcart.reassign_call_task(5, 3)$$, 'TC201', null, 'a manager takes no calls');
select throws_ok($$select trustcart.reassign_call_task(5, 4)$$, 'TC207', null, 'nor who is away');
select throws_ok($$select trustcart.reassign_call_task(5, null)$$, 'TC003', 'agent_id is required', 'nobody');
select throws_ok($$select trustcart.reassign_call_task(5, 99)$$, 'TC004', null, 'unknown agent');
select throws_ok($$select trustcart.reassign_call_task(99, 1)$$, 'TC004', null, 'unknown task');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select 2, extract(isodow from trustcart.business_date())::smallint, '09:00', '17:00', 1;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 2, trustcart.business_date());
select throws_ok($$select trustcart.reassign_call_task(5, 2)$$, 'TC206', null, 'nor whose day is full');
select trustcart.skip_call_task(5);
select throws_ok($$select trustcart.reassign_call_task(5, 2)$$, 'TC102', null, 'skipped');
update trustcart.crm_call_tasks set status = 'expired' where id = 6;
select throws_ok($$select trustcart.reassign_call_task(6, 2)$$, 'TC103', null, 'expired');
select trustcart.complete_call_task(4, 'successful');
select throws_ok($$select trustcart.reassign_call_task(4, 2)$$, 'TC101', null, 'completed');

select * from finish();
rollback;
