-- What speaks against a call is asked at its moment; who has claimed a call keeps it.
begin;
select plan(13);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() + p_hour) at time zone 'Asia/Dhaka'$$;
insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent'), (3, 'M', 'crm_manager');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() from generate_series(1, 4) as g (n);

select results_eq(
    $$select t.claimed_by, t.claimed_at from trustcart.start_call_task(1, 1, pg_temp.at('10:00')) as t$$,
    $$values (1::bigint, pg_temp.at('10:00'))$$, 'claimed for the agent'
);
select throws_ok(
    $$select trustcart.start_call_task(1, 2, pg_temp.at('10:30'))$$, 'TC109', 'call task 1 is claimed by agent 1',
    'not another''s'
);
update trustcart.crm_call_tasks set started_at = pg_temp.at('10:00') where id = 1;
select is(
    (trustcart.start_call_task(1, 2, pg_temp.at('10:31'))).claimed_by, 2::bigint, 'unless it was left lying'
);
select isnt(
    (select t.started_at from trustcart.crm_call_tasks as t where t.id = 1), pg_temp.at('10:00'), 'then it begins anew'
);
select is((trustcart.start_call_task(2)).claimed_by, null, 'without an agent it is nobody''s claim');
select is((trustcart.start_call_task(2, 2)).claimed_by, 2::bigint, 'until one says so');
select throws_ok($$select trustcart.start_call_task(3, 3)$$, 'TC201', null, 'a manager takes no calls');
select throws_ok($$select trustcart.start_call_task(3, 99)$$, 'TC004', null, 'unknown agent');

insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)
values (3, '18:00', '20:00');
select throws_ok($$select trustcart.start_call_task(3, 1, pg_temp.at('10:00'))$$, 'TC209', null, 'not at this hour');
select isnt((trustcart.start_call_task(3, 1, pg_temp.at('18:00'))).started_at, null, 'but at that');
-- Said this morning, after the list was made. The refusal takes the task off the list; put back, it is still no call.
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (4, 'call', false, now() - interval '1 day');
update trustcart.crm_call_tasks set status = 'pending', close_reason = null where id = 4;
select throws_ok($$select trustcart.start_call_task(4)$$, 'TC208', null, 'not at all');
select is((select t.started_at from trustcart.crm_call_tasks as t where t.id = 4), null, 'refused is unchanged');
select lives_ok($$select trustcart.complete_call_task(4, 'successful')$$, 'a call that was made is a fact');

select * from finish();
rollback;
