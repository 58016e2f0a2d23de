-- A call goes to who is there and has room, else to the pool; an agent asked for by name is there or an error.
begin;
select plan(13);
set local client_min_messages = warning;

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;
create function pg_temp.agent_of(p_id bigint) returns text language sql as $$
select concat_ws(' ', t.assigned_agent_id, t.why_agent) from trustcart.crm_call_tasks as t where t.id = p_id
$$;

update trustcart.settings set calls_per_agent_day = 2;
insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name, assigned_agent_id)
values (1, 'Of A', 1), (2, 'Do not call', 1), (3, 'Hindi', 1);
insert into trustcart.agent_leave (agent_id, during) values (1, daterange(pg_temp.d(1), pg_temp.d(2)));

select is(pg_temp.agent_of(trustcart.create_call_task(1, 'other')), '1 the customer''s own agent', 'own');
select is(pg_temp.agent_of(trustcart.create_call_task(1, 'other', p_assigned_agent_id => 1)), '1 asked for', 'asked for');
select throws_ok(
    'select trustcart.create_call_task(1, ''other'', p_assigned_agent_id => 1)', 'TC206',
    format('agent 1 has all 2 calls of %s', pg_temp.d(0)), 'full'
);
select is(pg_temp.agent_of(trustcart.create_call_task(1, 'other')), '2 the least loaded agent', 'another''s day has room');
select lives_ok('select trustcart.create_call_task(1, ''other'')', 'the last place');
select is(pg_temp.agent_of(trustcart.create_call_task(1, 'other')), 'nobody has room', 'then the pool');
select throws_ok(
    'select trustcart.create_call_task(1, ''other'', null, pg_temp.d(1), 1)', 'TC207',
    format('agent 1 is away on %s: on leave', pg_temp.d(1)), 'away'
);
select is(
    pg_temp.agent_of(trustcart.create_call_task(1, 'other', null, pg_temp.d(1))), '2 the least loaded agent',
    'the own agent is away'
);

update trustcart.call_task_types set required_skill = 'gold' where task_type = 'congratulate_gold_member';
insert into trustcart.agent_skills (agent_id, skill) values (1, 'sales');
select is(
    pg_temp.agent_of(trustcart.create_call_task(1, 'congratulate_gold_member', null, pg_temp.d(3))),
    '2 the least loaded agent', 'the own agent lacks the skill'
);
insert into trustcart.customer_contact_preferences (customer_id, language) values (3, 'hi');
insert into trustcart.agent_languages (agent_id, language) values (1, 'hi'), (2, 'bn');
select is(
    pg_temp.agent_of(trustcart.create_call_task(3, 'congratulate_gold_member', null, pg_temp.d(3))),
    'nobody has room', 'one speaks the language, the other has the skill: the pool'
);

insert into trustcart.customer_consents (customer_id, channel, granted) values (2, 'sms', false);
select lives_ok('select trustcart.create_call_task(2, ''other'', null, pg_temp.d(3))', 'another channel');
insert into trustcart.customer_consents (customer_id, channel, granted) values (2, 'call', false);
select throws_ok(
    'select trustcart.create_call_task(2, ''other'', null, pg_temp.d(3))', 'TC208',
    'customer 2 does not want to be called', 'do not call, said in this very transaction'
);
insert into trustcart.customer_consents (customer_id, channel, granted) values (2, 'call', true);
select lives_ok('select trustcart.create_call_task(2, ''other'', null, pg_temp.d(3))', 'the latest word holds');

select * from finish();
rollback;
