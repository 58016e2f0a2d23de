-- Who works on a day and for how many calls: leave, holidays, weekdays and their numbers.
begin;
update trustcart.settings set calls_per_agent_day = 100;
select plan(10);

insert into trustcart.users (id, name, role, is_active)
values (1, 'Every day', 'crm_agent', true), (2, 'Sunday to Tuesday', 'crm_agent', true), (3, 'Left', 'crm_agent', false),
(4, 'Manager', 'crm_manager', true), (5, 'Away', 'crm_agent', true);
-- 15 June 2025 was a Sunday
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
values (2, 7, '09:00', '17:00', null), (2, 1, '10:00', '14:00', 40), (2, 2, '09:00', '17:00', 0),
(5, 1, '09:00', '17:00', 70);
insert into trustcart.agent_leave (agent_id, during) values (5, '[2025-06-16,2025-06-18)'), (3, '[2025-06-15,2025-06-16)');
insert into trustcart.shop_holidays (holiday_on, name) values ('2025-06-22', 'Eid');

create function pg_temp.capacity(p_date date) returns setof text language sql as $$
select concat_ws(' ', c.agent_id, c.max_calls, c.works_from, c.works_until, c.absence)
from trustcart_private.agent_capacity(p_date) as c order by c.agent_id
$$;

select results_eq(
    $$select * from pg_temp.capacity('2025-06-15')$$,
    array['1 100', '2 100 09:00:00 17:00:00', '5 0 not a working day'],
    'active agents only; without hours every day; the number of the settings where the weekday has none'
);
select results_eq(
    $$select * from pg_temp.capacity('2025-06-16')$$,
    array['1 100', '2 40 10:00:00 14:00:00', '5 0 09:00:00 17:00:00 on leave'],
    'Monday has a number of its own; leave begins on its first day'
);
select results_eq(
    $$select * from pg_temp.capacity('2025-06-17')$$,
    array['1 100', '2 0 09:00:00 17:00:00', '5 0 on leave'],
    'there, but for no calls; leave before the weekday'
);
select results_eq(
    $$select * from pg_temp.capacity('2025-06-18')$$,
    array['1 100', '2 0 not a working day', '5 0 not a working day'],
    'the day after the leave: a Wednesday'
);
select results_eq(
    $$select * from pg_temp.capacity('2025-06-22')$$,
    array['1 0 holiday: Eid', '2 0 09:00:00 17:00:00 holiday: Eid', '5 0 holiday: Eid'],
    'nobody works on a holiday'
);
select results_eq(
    $$select agent_id, max_calls from trustcart_private.agent_capacity('2025-06-16', 2)$$,
    $$values (2::bigint, 40)$$,
    'one agent'
);
select is_empty($$select * from trustcart_private.agent_capacity('2025-06-16', 4)$$, 'a manager is none');
update trustcart.settings set calls_per_agent_day = 60;
select results_eq(
    $$select * from pg_temp.capacity('2025-06-15')$$,
    array['1 60', '2 60 09:00:00 17:00:00', '5 0 not a working day'],
    'the settings decide'
);
select throws_ok($$select * from trustcart_private.agent_capacity(null)$$, 'TC001', null, 'no date');
select throws_ok($$select * from trustcart_private.agent_capacity('infinity')$$, 'TC001', null, 'no business date');

select * from finish();
rollback;
