-- A call is put off: to an hour, or by minutes.
begin;
select plan(10);

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 2) as g (n);
-- A zone in which it is early, so that an hour of today is to come.
update trustcart.settings
set time_zone = (
    select z.name from pg_timezone_names as z
    where z.name ~ '^Etc/GMT[+-][0-9]+$' and (now() at time zone z.name)::time between '03:00' and '04:30'
    limit 1
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 2, trustcart.business_date());

select is(
    (trustcart_api.snooze_call(1, '16:30') ->> 'due_at')::timestamptz,
    (trustcart.business_date() + time '16:30') at time zone (select s.time_zone from trustcart.settings as s),
    'to an hour of today, in the shop''s time zone'
);
select is(
    (trustcart_api.snooze_call(1, trustcart.business_date() || 'T17:00') ->> 'due_at')::timestamptz,
    (trustcart.business_date() + time '17:00') at time zone (select s.time_zone from trustcart.settings as s),
    'to an instant'
);
select is(
    (trustcart_api.snooze_call(1, p_minutes => 30) ->> 'due_at')::timestamptz,
    date_trunc('minute', now()) + interval '30 minutes', 'by minutes'
);
select is(told('agent_one', 'select trustcart_api.snooze_call(2, p_minutes => 30)'), 'TC403', 'another agent''s is not');
select throws_ok('select trustcart_api.snooze_call(1)', 'TC003', 'until is required', 'until when?');
select throws_ok($$select trustcart_api.snooze_call(1, '16:00', 5)$$, 'TC005', null, 'one of the two');
select throws_ok($$select trustcart_api.snooze_call(1, 'later')$$, 'TC001', null, 'no hour');
select throws_ok($$select trustcart_api.snooze_call(1, '25:00')$$, 'TC001', null, 'no hour of a day');
select throws_ok('select trustcart_api.snooze_call(1, p_minutes => 0)', 'TC005', null, 'now is not later');
select throws_ok($$select trustcart_api.snooze_call(1, '00:00')$$, 'TC204', null, 'past');

select * from finish();
rollback;
