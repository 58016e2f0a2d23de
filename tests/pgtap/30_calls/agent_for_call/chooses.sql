-- The own agent, else the one whose day is filled the least; of those who are there, have room and suit.
begin;
select plan(14);

create function pg_temp.d(p_days integer) returns date language sql as $$select trustcart.business_date() + p_days$$;

select is(trustcart_private.agent_for_call(1, pg_temp.d(1)), null, 'nobody');
insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'B', 'crm_agent', true), (3, 'Left', 'crm_agent', false);
insert into trustcart.customers (id, first_name, assigned_agent_id)
values (1, 'Own', 1), (2, 'None', null), (3, 'Gone', 3), (4, 'Speaks Hindi', 1);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)
values (1, 1, pg_temp.d(1), 'pending'), (1, 1, pg_temp.d(1), 'pending'), (1, 2, pg_temp.d(1), 'completed'),
(1, 2, pg_temp.d(1), 'skipped'), (1, 2, pg_temp.d(2), 'pending');
select is(trustcart_private.agent_for_call(1, pg_temp.d(1)), 1::bigint, 'the own agent, whatever the load');
select is(trustcart_private.agent_for_call(2, pg_temp.d(1)), 2::bigint, 'the least loaded of that day');
select is(trustcart_private.agent_for_call(3, pg_temp.d(2)), 1::bigint, 'not one who left');
select is(trustcart_private.agent_for_call(2, pg_temp.d(3)), 1::bigint, 'of equal ones the first');

-- 2 of 4 are a larger share than 40 of 100
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
select 1, g.d, '09:00', '17:00', 4 from generate_series(1, 7) as g (d);
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)
select 2, 2, pg_temp.d(1) from generate_series(1, 39);
select is(trustcart_private.agent_for_call(2, pg_temp.d(1)), 2::bigint, 'the load is a share of what the day holds');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date) values (1, 1, pg_temp.d(1)), (1, 1, pg_temp.d(1));
select is(trustcart_private.agent_for_call(1, pg_temp.d(1)), 2::bigint, 'another where the own agent''s day is full');

insert into trustcart.customer_contact_preferences (customer_id, language) values (4, 'hi');
insert into trustcart.agent_languages (agent_id, language) values (1, 'bn');
select is(trustcart_private.agent_for_call(4, pg_temp.d(3)), 2::bigint, 'one who speaks the language, before the own');
select is(trustcart_private.agent_for_call(1, pg_temp.d(3)), 1::bigint, 'who asks for no language gets anyone');
insert into trustcart.agent_languages (agent_id, language) values (2, 'en');
select is(trustcart_private.agent_for_call(4, pg_temp.d(3)), null, 'nobody speaks it');
insert into trustcart.agent_skills (agent_id, skill) values (1, 'sales');
select is(trustcart_private.agent_for_call(1, pg_temp.d(3), 'complaints'), 2::bigint, 'one who has the skill');

insert into trustcart.agent_leave (agent_id, during) values (1, daterange(pg_temp.d(5), pg_temp.d(6)));
select is(trustcart_private.agent_for_call(1, pg_temp.d(5)), 2::bigint, 'another while the own is on leave');
select is(trustcart_private.agent_for_call(1, pg_temp.d(6)), 1::bigint, 'and the own again after it');
insert into trustcart.shop_holidays (holiday_on, name) values (pg_temp.d(6), 'Eid');
select is(trustcart_private.agent_for_call(1, pg_temp.d(6)), null, 'nobody works on a holiday');

select * from finish();
rollback;
