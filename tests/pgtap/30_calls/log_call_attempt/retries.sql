-- What follows an attempt is what call_outcomes says: again the same day while there is room, else it is the outcome.
begin;
select plan(27);

create function pg_temp.at(p_hour time, p_days integer default 0) returns timestamptz language sql as
$$select (trustcart.business_date() + 1 + p_days + p_hour) at time zone 'Asia/Dhaka'$$;
insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 10) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() + 1 from generate_series(1, 10) as g (n);
update trustcart.crm_call_tasks set call_until = pg_temp.at('12:00') where id = 4;

select trustcart.start_call_task(1, 1, pg_temp.at('10:00'));
select results_eq(
    $$select t.status, t.due_at, t.notes, t.outcome, t.claimed_by, t.started_at
    from trustcart.log_call_attempt(1, 'no_answer', 'rang out', p_at => pg_temp.at('10:00')) as t$$,
    $$values ('pending', pg_temp.at('13:00'), 'rang out', null::text, null::bigint, null::timestamptz)$$,
    'nobody answered: again after three hours, for whoever takes it'
);
select results_eq(
    $$select a.attempted_at, a.customer_id, a.agent_id, a.outcome, a.notes, a.due_at
    from trustcart.crm_call_attempts as a where a.task_id = 1$$,
    $$values (pg_temp.at('10:00'), 1::bigint, 1::bigint, 'no_answer', 'rang out', pg_temp.at('13:00'))$$,
    'the attempt is noted'
);
select is_empty($$select 1 from trustcart.customer_interactions$$, 'it is no interaction yet');
select is(
    (trustcart.log_call_attempt(1, 'Busy, again', p_agent_id => 2, p_at => pg_temp.at('13:00'))).due_at,
    pg_temp.at('14:00'), 'another outcome, another pause'
);
select is(
    (select a.agent_id from trustcart.crm_call_attempts as a where a.task_id = 1 order by a.attempted_at desc limit 1),
    2::bigint, 'who called'
);
select results_eq(
    $$select t.status, t.outcome from trustcart.log_call_attempt(1, 'no_answer', p_at => pg_temp.at('14:00')) as t$$,
    $$values ('completed', 'no_answer')$$, 'the third time is the last'
);
select is((select count(*) from trustcart.crm_call_attempts as a where a.task_id = 1), 3::bigint, 'three attempts');
select is((select count(*) from trustcart.customer_interactions as i where i.task_id = 1), 1::bigint, 'one interaction');
select throws_ok($$select trustcart.log_call_attempt(1, 'no_answer')$$, 'TC101', null, 'and no fourth');

-- No room left on the day, by the clock, by the task's hours, by the customer's wishes.
select is((trustcart.log_call_attempt(2, 'no_answer', p_at => pg_temp.at('21:30'))).status, 'completed', 'tomorrow is too late');
select is((trustcart.log_call_attempt(3, 'no_answer', p_at => pg_temp.at('20:30'))).due_at, pg_temp.at('23:30'), 'just in time');
select is((trustcart.log_call_attempt(4, 'no_answer', p_at => pg_temp.at('09:30'))).status, 'completed', 'past its hours');
select trustcart.set_contact_preferences(5, '09:00', '12:00');
select is((trustcart.log_call_attempt(5, 'no_answer', p_at => pg_temp.at('10:00'))).status, 'completed', 'past the customer''s');
select is(
    (select count(*) from trustcart.crm_call_attempts as a where a.task_id in (2, 4, 5) and a.due_at is null), 3::bigint,
    'each with one attempt, without an hour'
);

-- Outcomes that ask for no retry complete.
select is((trustcart.log_call_attempt(6, 'successful', 'ordered', p_at => pg_temp.at('10:00'))).status, 'completed', 'success');
select is((trustcart.log_call_attempt(7, 'unheard of', p_at => pg_temp.at('10:00'))).status, 'completed', 'an unknown word');

-- An hour agreed upon.
select results_eq(
    $$select t.status, t.due_at from trustcart.log_call_attempt(
        8, 'follow_up_needed', p_due_at => pg_temp.at('16:15'), p_at => pg_temp.at('10:00')
    ) as t$$,
    $$values ('pending', pg_temp.at('16:15'))$$, 'today: the task waits for it'
);
select results_eq(
    $$select t.status, t.outcome, t.follow_up_date from trustcart.log_call_attempt(
        8, 'follow_up_needed', p_due_at => pg_temp.at('11:00', 3), p_at => pg_temp.at('16:15')
    ) as t$$,
    $$values ('completed', 'follow_up_needed', trustcart.business_date() + 4)$$, 'another day: it is the follow-up'
);
select results_eq(
    $$select a.due_at from trustcart.crm_call_attempts as a where a.task_id = 8 and a.due_at > pg_temp.at('00:00', 1)$$,
    array[pg_temp.at('11:00', 3)], 'the hour is the attempt''s'
);
select results_eq(
    $$select i.follow_up_date from trustcart.customer_interactions as i where i.task_id = 8$$,
    array[trustcart.business_date() + 4], 'the date the interaction''s'
);
select results_eq(
    $$select t.status, t.follow_up_date from trustcart.log_call_attempt(9, 'follow_up_needed', p_at => pg_temp.at('10:00')) as t$$,
    $$values ('completed', null::date)$$, 'without an hour, the next working day'
);

select throws_ok($$select trustcart.log_call_attempt(10, ' ')$$, 'TC003', 'outcome is required', 'no outcome');
select throws_ok($$select trustcart.log_call_attempt(99, 'no_answer')$$, 'TC004', null, 'unknown task');
select throws_ok(
    $$select trustcart.log_call_attempt(10, 'no_answer', p_due_at => pg_temp.at('09:00'), p_at => pg_temp.at('10:00'))$$,
    'TC204', null, 'an hour that is past'
);
select throws_ok(
    $$select trustcart.log_call_attempt(10, 'successful', p_due_at => pg_temp.at('12:00'), p_at => pg_temp.at('10:00'))$$,
    'TC005', null, 'an hour where no call follows'
);
select throws_ok(
    $$select trustcart.log_call_attempt(10, 'no_answer', p_due_at => 'infinity')$$, 'TC001', null, 'an hour that is none'
);
select is((select t.status from trustcart.crm_call_tasks as t where t.id = 10), 'pending', 'refused is unchanged');

select * from finish();
rollback;
