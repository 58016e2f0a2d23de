-- One step for every outcome: what follows is what call_outcomes says of its first word.
begin;
select plan(32);
set local client_min_messages = error;

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);
insert into trustcart.customers (id, first_name, phone)
select g.n, 'C' || g.n, '0171100001' || g.n from generate_series(1, 9) as g (n);
-- Early in the day, so that what is tried again comes up today.
update trustcart.settings
set time_zone = (
    select z.name from pg_timezone_names as z
    where z.name ~ '^Etc/GMT[+-][0-9]+$' and (now() at time zone z.name)::time between '03:00' and '04:30'
    limit 1
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, list_position)
select g.n, g.n, 1, trustcart.business_date(), g.n from generate_series(1, 8) as g (n)
union all
select 9, 9, 2, trustcart.business_date(), 1;
create function pg_temp.at(p_days integer, p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() + p_days + p_hour) at time zone s.time_zone from trustcart.settings as s$$;

-- Completed, and the next comes up by itself.
select is(
    told(
        'agent_one',
        $$select o -> 'status' || jsonb_build_array(o -> 'outcome', o -> 'notes', o -> 'next_task_id') from
        trustcart_api.record_call_outcome(1, 'successful', 'two jars', p_take_next => true, p_request_id => 'k') as o$$
    ),
    '["completed", "successful", "two jars", 2]', 'completed; the next is claimed'
);
select is((select t.claimed_by from trustcart.crm_call_tasks as t where t.id = 2), 1::bigint, 'by the same agent');
select is(
    told(
        'agent_one',
        $$select o ->> 'next_task_id' from
        trustcart_api.record_call_outcome(1, 'successful', 'two jars', p_take_next => true, p_request_id => 'k') as o$$
    ),
    '2', 'a double click is one outcome, and the same next call'
);
select is((select count(*) from trustcart.customer_interactions), 1::bigint, 'one interaction');
select is(
    told('agent_one', $$select trustcart_api.record_call_outcome(1, 'no_answer', p_request_id => 'k')$$), 'TC106',
    'the id of another outcome'
);
select is(told('agent_one', $$select trustcart_api.record_call_outcome(1, 'no_answer')$$), 'TC101', 'it is settled');
select is(told('agent_one', $$select trustcart_api.record_call_outcome(9, 'successful')$$), 'TC403', 'another agent''s');
select is(told('agent_one', $$select trustcart_api.record_call_outcome(99, 'successful')$$), 'TC004', 'no such call');
select is(told('agent_one', $$select trustcart_api.record_call_outcome(2, ' ')$$), 'TC003', 'no outcome');

-- Tried again.
select is(trustcart_api.record_call_outcome(2, 'no_answer') ->> 'status', 'pending', 'no answer: it comes up again');
select is(
    (select t.due_at from trustcart.crm_call_tasks as t where t.id = 2), now() + interval '3 hours', 'as call_outcomes says'
);
select is(
    (trustcart_api.record_call_outcome(2, 'busy', p_follow_up_time => '12:00') ->> 'due_at')::timestamptz,
    pg_temp.at(0, '12:00'), 'or at the hour given'
);
select is(
    trustcart_api.record_call_outcome(
        2, 'no_answer', p_follow_up_date => (trustcart.business_date() + 2)::text
    ) ->> 'follow_up_date', (trustcart.business_date() + 2)::text, 'or on the day given, and then it is done for today'
);

-- Agreed upon.
select is(
    (trustcart_api.record_call_outcome(3, 'follow_up_needed', p_follow_up_time => '15:00') ->> 'due_at')::timestamptz,
    pg_temp.at(0, '15:00'), 'today at an hour'
);
select is(
    trustcart_api.record_call_outcome(
        4, 'follow_up_needed', p_follow_up_date => (trustcart.business_date() + 1)::text, p_follow_up_time => '15:00'
    ) - array['id', 'completed_at', 'started_at', 'task_date', 'priority', 'task_type', 'customer_id', 'assigned_agent_id'],
    jsonb_build_object(
        'status', 'completed', 'outcome', 'follow_up_needed', 'notes', null, 'follow_up_date',
        trustcart.business_date() + 1, 'due_at', null, 'attempts', 1, 'next_task_id', null
    ),
    'another day: done for today'
);
select is(
    (select a.due_at from trustcart.crm_call_attempts as a where a.task_id = 4), pg_temp.at(1, '15:00'), 'with its hour'
);

-- What was learned.
select is(
    trustcart_api.record_call_outcome(
        5, 'follow_up_needed', null, null, '14:00', '10:00', '16:00',
        '{"name": "Karima", "relationship": "spouse", "phone": "01711000099"}', p_request_id => 'learned'
    ) ->> 'status', 'pending', 'an hour of today'
);
select is(
    (select array[p.preferred_from, p.preferred_until] from trustcart.customer_contact_preferences as p
    where p.customer_id = 5), array['10:00', '16:00']::time [], 'when the customer wishes to be called'
);
select is((select f.name from trustcart.customer_family_members as f where f.customer_id = 5), 'Karima', 'and the family');
select is_empty(
    $$select 1 from trustcart_private.call_requests as r where r.arguments::text ~ '1711000099'$$,
    'the number stands nowhere else'
);

-- Do not call me.
select is(
    trustcart_api.record_call_outcome(6, null, p_do_not_call => true) ->> 'outcome',
    'not_interested - does not want to be called', 'refused'
);
select is(
    (select array[n.granted::text, n.source] from trustcart.customer_consents as n where n.customer_id = 6),
    array['false', 'told on call 6'], 'and recorded as consent'
);
select throws_ok(
    $$select trustcart_api.record_call_outcome(7, null, p_do_not_call => true, p_follow_up_time => '15:00')$$, 'TC005', null,
    'who is not called is not called again'
);

-- The number is not the customer's.
select is(trustcart_api.record_call_outcome(7, 'wrong_number') ->> 'status', 'completed', 'a wrong number');
select is((select f.phone from trustcart.customer_phone_flags as f where f.customer_id = 7), '+8801711000017', 'is flagged');

select throws_ok($$select trustcart_api.record_call_outcome(8, 'busy', p_follow_up_time => '9')$$, 'TC001', null, 'no hour');
select throws_ok(
    $$select trustcart_api.record_call_outcome(8, 'busy', p_follow_up_date => 'soon')$$, 'TC001', null, 'no date'
);
select throws_ok(
    $$select trustcart_api.record_call_outcome(8, 'successful', p_follow_up_time => '15:00')$$, 'TC005', null,
    'no call follows a success'
);
select throws_ok(
    $$select trustcart_api.record_call_outcome(8, 'successful', p_family_member => '{"name": "Karima"}')$$, 'TC003', null,
    'who is that?'
);

-- Who is away by then has no next call; the outcome counts.
insert into trustcart.agent_leave (agent_id, during, reason)
values (1, daterange(trustcart.business_date(), trustcart.business_date(), '[]'), 'ill');
update trustcart.crm_call_tasks set assigned_agent_id = null where id = 8;
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 8;
select is(
    trustcart_api.record_call_outcome(8, 'successful', p_take_next => true) -> 'next_task_id', 'null', 'nothing is next'
);
select is((select t.status from trustcart.crm_call_tasks as t where t.id = 8), 'completed', 'it is settled all the same');

-- A call that a manager began for somebody of another team is its own agent's to close.
delete from trustcart.agent_leave;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, claimed_by, claimed_at)
values (20, 8, 1, trustcart.business_date(), 2, now());
select is(
    told(
        'agent_one',
        $$select o ->> 'status' from trustcart_api.record_call_outcome(20, 'successful', p_take_next => true) as o$$
    ),
    'completed', 'the outcome counts, whosever the next call is'
);

select * from finish();
rollback;
