-- Calls whose hour has come, then the agent's own as the list says, then those of nobody. The day is yesterday:
-- a call is begun no later than now.
begin;
select plan(17);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() - 1 + p_hour) at time zone 'Asia/Dhaka'$$;
create function pg_temp.claim(p_agent_id bigint, p_at timestamptz, p_request_id text default null) returns bigint
language sql as $$select (select c.id from trustcart.claim_next_call(p_agent_id, p_at, p_request_id) as c)$$;
insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 20) as g (n);
insert into trustcart.crm_call_tasks
(id, customer_id, assigned_agent_id, task_date, priority, list_position, due_at, call_from, call_until)
values
(1, 1, 1, trustcart.business_date() - 1, 'cold', 1, null, null, null),
(2, 2, 1, trustcart.business_date() - 1, 'hot', 2, null, null, null),
(3, 3, 1, trustcart.business_date() - 1, 'hot', 1, null, null, null),
(4, 4, 1, trustcart.business_date() - 1, 'hot', null, null, null, null),
(5, 5, 1, trustcart.business_date() - 1, 'warm', 1, null, null, null),
(6, 6, 1, trustcart.business_date() - 1, 'cold', null, pg_temp.at('09:30'), null, null),
(7, 7, 1, trustcart.business_date() - 1, 'cold', null, pg_temp.at('09:00'), null, null),
(8, 8, 1, trustcart.business_date() - 1, 'hot', null, pg_temp.at('16:00'), null, null),
(9, 9, 1, trustcart.business_date() - 1, 'hot', 3, null, pg_temp.at('12:00'), null),
(10, 10, 1, trustcart.business_date() - 1, 'hot', 4, null, null, pg_temp.at('10:00')),
(11, 11, null, trustcart.business_date() - 1, 'cold', 2, null, null, null),
(12, 12, null, trustcart.business_date() - 1, 'hot', 9, null, null, null),
(13, 13, null, trustcart.business_date() - 1, 'cold', null, pg_temp.at('08:00'), null, null),
(14, 14, 2, trustcart.business_date() - 1, 'hot', null, pg_temp.at('08:00'), null, null),
(15, 15, 1, trustcart.business_date(), 'hot', null, null, null, null),
(16, 16, 1, trustcart.business_date() - 1, 'hot', 1, null, null, null);
update trustcart.crm_call_tasks set status = 'skipped' where id = 16;

-- One after the other: a query would run the function once for all its rows.
create function pg_temp.claims(p_times integer, p_at timestamptz) returns bigint[] language plpgsql as $$
declare
    v_ids bigint[] := '{}';
begin
    for v_time in 1..p_times loop
        v_ids := v_ids || (select c.id from trustcart.claim_next_call(1, p_at) as c);
    end loop;
    return v_ids;
end;
$$;
select is(pg_temp.claims(11, pg_temp.at('10:00')), array[7, 6, 13, 4, 3, 2, 5, 1, 12, 11, null]::bigint [],
    'an hour that has come, the pool''s too, then hot, warm, cold, by position, unplaced first, then the pool');
select is(
    (select count(*) from trustcart.crm_call_tasks as t where t.claimed_by = 1 and t.claimed_at = pg_temp.at('10:00')),
    10::bigint, 'each is claimed, by whom and when'
);
select is_empty($$select c.id from trustcart.claim_next_call(1, pg_temp.at('10:00')) as c$$, 'an empty list is no row');
select is(
    (select t.assigned_agent_id from trustcart.crm_call_tasks as t where t.id = 12), null, 'a claim assigns nothing yet'
);

select lives_ok(
    $$select trustcart.complete_call_task(t.id, 'successful') from trustcart.crm_call_tasks as t where t.claimed_by = 1$$,
    'they are settled'
);

-- What was out of its hours comes up when they begin.
select is(pg_temp.claim(1, pg_temp.at('12:00')), 9::bigint, 'from noon on');
select is(pg_temp.claim(1, pg_temp.at('16:00')), 8::bigint, 'at its hour');
select is(pg_temp.claim(2, pg_temp.at('07:00')), null, 'nothing of others, nothing too early');
select is(pg_temp.claim(2, pg_temp.at('08:00')), 14::bigint, 'the other agent''s own');

-- A new call of high priority goes before what is left.
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, list_position)
values
(17, 17, 2, trustcart.business_date() - 1, 'cold', 1), (18, 18, 2, trustcart.business_date() - 1, 'cold', 2),
(19, 19, 2, trustcart.business_date() - 1, 'hot', null);
select is(pg_temp.claim(2, pg_temp.at('08:10')), 19::bigint, 'the new hot one');
select is(pg_temp.claim(2, pg_temp.at('08:10')), 17::bigint, 'then the old ones');

-- One that was begun by hand is not handed out meanwhile.
select trustcart.start_call_task(18, p_at => pg_temp.at('08:10'));
select is(pg_temp.claim(2, pg_temp.at('08:15')), null, 'begun, it is somebody''s');
select trustcart.complete_call_task(t.id, 'successful') from trustcart.crm_call_tasks as t where t.claimed_by = 2;
select is(pg_temp.claim(2, pg_temp.at('08:41')), 18::bigint, 'left lying, it is not');

select is(
    (select count(*) from trustcart.crm_call_tasks as t where t.id = 15 and t.claimed_at is null), 1::bigint,
    'tomorrow''s wait for tomorrow'
);
select is(
    pg_temp.claim(1, pg_temp.at('10:00') + interval '1 day'), 15::bigint, 'whose date is that of p_at'
);
select is(pg_temp.claim(1, pg_temp.at('10:00'), 'k'), null, 'nothing is left');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
values (20, 1, trustcart.business_date() - 1);
select is(pg_temp.claim(1, pg_temp.at('10:00'), 'k'), null, 'the same request, the same answer');

select * from finish();
rollback;
