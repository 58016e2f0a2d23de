-- A claim that was left lying returns to its list. The day is yesterday: a call is begun no later than now.
begin;
select plan(9);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() - 1 + p_hour) at time zone 'Asia/Dhaka'$$;
create function pg_temp.claim(p_agent_id bigint, p_at timestamptz, p_request_id text default null) returns bigint
language sql as $$select (select c.id from trustcart.claim_next_call(p_agent_id, p_at, p_request_id) as c)$$;
insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 3) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority)
values
(1, 1, 1, trustcart.business_date() - 1, 'hot'), (2, 2, 1, trustcart.business_date() - 1, 'warm'),
(3, 3, null, trustcart.business_date() - 1, 'hot');

select is(pg_temp.claim(1, pg_temp.at('09:00')), 1::bigint, 'claimed');
select is(pg_temp.claim(1, pg_temp.at('09:30')), 2::bigint, 'for half an hour it stays claimed');
select is(pg_temp.claim(1, pg_temp.at('09:31')), 1::bigint, 'then it is the first of the list again');
select is(
    (select t.claimed_at from trustcart.crm_call_tasks as t where t.id = 1), pg_temp.at('09:31'), 'claimed anew'
);
-- A call in progress counts from when it was begun.
select trustcart.start_call_task(1, 1, pg_temp.at('09:50'));
select is(pg_temp.claim(1, pg_temp.at('10:05')), 2::bigint, 'not the one that is in progress');
update trustcart.crm_call_tasks set started_at = pg_temp.at('09:50') where id = 1;
select is(pg_temp.claim(1, pg_temp.at('10:21')), 1::bigint, 'until that is half an hour ago as well');
select is((select t.started_at from trustcart.crm_call_tasks as t where t.id = 1), null, 'to be begun anew');

-- What came from the pool returns to the pool.
select is(pg_temp.claim(1, pg_temp.at('10:22')), 3::bigint, 'claimed from the pool');
select is(pg_temp.claim(2, pg_temp.at('10:53')), 3::bigint, 'by another agent after that');

select * from finish();
rollback;
