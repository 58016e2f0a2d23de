-- Who may not claim, and whom not to call.
begin;
select plan(14);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() + p_hour) at time zone 'Asia/Dhaka'$$;
create function pg_temp.claim(p_agent_id bigint, p_at timestamptz, p_request_id text default null) returns bigint
language sql as $$select (select c.id from trustcart.claim_next_call(p_agent_id, p_at, p_request_id) as c)$$;
insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'M', 'crm_manager', true), (3, 'Left', 'crm_agent', false),
(4, 'Away', 'crm_agent', true);
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 9) as g (n);
insert into trustcart.agent_leave (agent_id, during, reason)
values (4, daterange(trustcart.business_date(), trustcart.business_date(), '[]'), 'ill');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() from generate_series(1, 3) as g (n);

select throws_ok($$select trustcart.claim_next_call(null)$$, 'TC003', 'agent_id is required', 'nobody');
select throws_ok($$select trustcart.claim_next_call(99)$$, 'TC004', null, 'unknown');
select throws_ok($$select trustcart.claim_next_call(2)$$, 'TC201', null, 'a manager takes no calls');
select throws_ok($$select trustcart.claim_next_call(3)$$, 'TC201', null, 'nor who left');
select throws_ok(
    $$select trustcart.claim_next_call(4, pg_temp.at('10:00'))$$, 'TC207',
    format('agent 4 is absent on %s: on leave', trustcart.business_date()), 'nor who is away'
);
select lives_ok($$select trustcart.claim_next_call(4, pg_temp.at('10:00') + interval '1 day')$$, 'tomorrow they are back');

-- What was said after the list was made counts at the moment of the call.
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (1, 'call', false, pg_temp.at('09:00') - interval '1 day');
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (2, '18:00', '20:00');
select is(pg_temp.claim(1, pg_temp.at('10:00')), 3::bigint, 'the first who may be called now');
select results_eq(
    $$select t.status, t.close_reason from trustcart.crm_call_tasks as t where t.id = 1$$,
    $$values ('cancelled', 'do not call')$$, 'who may not be called is taken off the list'
);
select results_eq(
    $$select t.status, t.claimed_by from trustcart.crm_call_tasks as t where t.id = 2$$,
    $$values ('pending', null::bigint)$$, 'who may be called later stays'
);
select trustcart.complete_call_task(3, 'successful');
select is(pg_temp.claim(1, pg_temp.at('18:00')), 2::bigint, 'and comes up then');

-- From the pool, as far as the day has room; claimed ones count.
update trustcart.settings set calls_per_agent_day = 3;
insert into trustcart.crm_call_tasks (id, customer_id, task_date)
select g.n, g.n, trustcart.business_date() from generate_series(4, 6) as g (n);
select is(pg_temp.claim(1, pg_temp.at('18:00')), 4::bigint, 'the third of the day');
select is(pg_temp.claim(1, pg_temp.at('18:00')), null, 'the day is full');
select trustcart.complete_call_task(4, 'successful', p_agent_id => 1);
select is(pg_temp.claim(1, pg_temp.at('18:00')), null, 'and stays full');
select trustcart.skip_call_task(2);
select is(pg_temp.claim(1, pg_temp.at('18:00')), 5::bigint, 'a skipped call frees its place');

select * from finish();
rollback;
