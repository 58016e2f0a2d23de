-- One day of two agents, as the service behind their screen sends it. Every function that asks the clock takes the
-- moment as p_at; a service leaves it out, here it is fixed so that the output is.
begin;
\ir shop.sql
select
    (trustcart.business_date() + time '10:00') at time zone s.time_zone as at_ten,
    (trustcart.business_date() + time '13:05') at time zone s.time_zone as after_one
from trustcart.settings as s \gset

\echo Tanvir takes his next call. A double click sends the same request id and gets the same call.
select t.id as task_id from trustcart.claim_next_call(9002, :'at_ten', 'claim-1') as t \gset
select
    c.first_name,
    t.task_type,
    t.priority,
    t.claimed_by,
    t.id = :task_id as same_call
from trustcart.claim_next_call(9002, :'at_ten', 'claim-1') as t
inner join trustcart.customers as c on t.customer_id = c.id;

\echo He begins, which is when the customer is checked once more, and reads what to say.
select t.status from trustcart.start_call_task(:task_id, 9002, :'at_ten') as t;
select
    s.script ->> 'title' as title,
    s.script ->> 'offer' as offer,
    s.script #>> '{dos,0}' as first_do,
    s.script #>> '{greeting,last_order,amount}' as last_amount
from trustcart.call_script(:task_id) as s (script);

\echo Nobody answers: the call comes up again after call_outcomes.retry_after, before all others.
select
    t.status,
    to_char(t.due_at at time zone s.time_zone, 'HH24:MI') as due
from trustcart.log_call_attempt(:task_id, 'no_answer', p_at => :'at_ten', p_request_id => 'attempt-1') as t
cross join trustcart.settings as s;
select t.id = :task_id as same_call from trustcart.claim_next_call(9002, :'after_one') as t;

\echo Reached, and two things learned. The request is sent twice and counts once.
select t.outcome
from trustcart.complete_call_task(
    :task_id, 'not_interested', p_preferred_from => '10:00', p_preferred_until => '14:00',
    p_family_member => '{"name": "Rima Chowdhury", "relationship": "sister", "phone": "01712345699"}',
    p_request_id => 'complete-1'
) as t;
select t.outcome
from trustcart.complete_call_task(
    :task_id, 'not_interested', p_preferred_from => '10:00', p_preferred_until => '14:00',
    p_family_member => '{"name": "Rima Chowdhury", "relationship": "sister", "phone": "01712345699"}',
    p_request_id => 'complete-1'
) as t;
select count(*) as interactions from trustcart.customer_interactions as i where i.task_id = :task_id;

\echo The wrong button: undone within settings.undo_within, then completed anew, with a request id of its own.
select t.status from trustcart.undo_call_outcome(:task_id) as t;
select
    t.outcome,
    t.follow_up_date - trustcart.business_date() as again_in_days
from trustcart.complete_call_task(
    :task_id, 'follow_up_needed', 'Wants the price of a case', trustcart.business_date() + 3,
    p_request_id => 'complete-2'
) as t;

\echo Somebody rings in: the sister he was told of.
select
    f.customer_name,
    f.matched_name,
    f.matched_as,
    f.do_not_call
from trustcart.find_caller('01712-345699') as f;

\echo Salma wants no more calls: her call of today is cancelled, and none may be made.
select trustcart.record_consent(9003, 'call', false, 'told the agent', 9001) > 0 as recorded;
select t.status from trustcart.crm_call_tasks as t where t.customer_id = 9003;
select k.reason from trustcart.check_contact(9003) as k;

\echo Nusrat falls ill: what she has not begun goes to others at once, her customers stay hers.
select trustcart.add_agent_leave(9001, trustcart.business_date(), trustcart.business_date(), 'fever') > 0 as entered;
select
    a.agent_name,
    a.absence,
    a.calls
from trustcart.agent_availability() as a
where a.agent_id in (9001, 9002);

\echo 17:00, and a call is left: the hot and warm ones go to tomorrow.
select trustcart.reschedule_call_tasks(9002, trustcart.business_date() + 1, '{hot,warm}') - 'to' as report;
select
    c.first_name,
    c.assigned_agent_id as own_agent_id,
    t.assigned_agent_id as agent_id,
    t.task_date - trustcart.business_date() as in_days,
    t.status
from trustcart.crm_call_tasks as t
inner join trustcart.customers as c on t.customer_id = c.id
where t.customer_id = 9004
order by t.task_date;

\echo His day in figures.
select
    p.total_tasks,
    p.completed_tasks,
    p.successful_calls,
    p.attempts,
    p.carried
from trustcart.agent_performance(9002, trustcart.business_date(), trustcart.business_date()) as p;

rollback;
