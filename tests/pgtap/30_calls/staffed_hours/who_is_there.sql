-- When somebody works who may be given calls.
begin;
select plan(7);

create function pg_temp.hours(p_date date) returns text language sql as $$
    select string_agg(
        to_char(lower(h.stretch) at time zone 'Asia/Dhaka', 'HH24:MI-')
        || to_char(upper(h.stretch) at time zone 'Asia/Dhaka', 'HH24:MI'), ', ' order by lower(h.stretch)
    )
    from trustcart.settings as s
    cross join lateral unnest(trustcart_private.staffed_hours(p_date, s)) as h (stretch)
$$;
select is(pg_temp.hours('2025-06-18'), '00:00-00:00', 'without agents the whole day');
insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent'), (3, 'C', 'crm_agent');
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
values (1, 3, '09:00', '12:00', null), (2, 3, '15:00', '18:00', null), (3, 3, '20:00', '21:00', 0);
select is(pg_temp.hours('2025-06-18'), '09:00-12:00, 15:00-18:00', 'not at noon, and not who may not be given calls');
update trustcart.agent_working_hours set works_until = '15:30' where agent_id = 1;
select is(pg_temp.hours('2025-06-18'), '09:00-18:00', 'hours that meet are one stretch');
insert into trustcart.agent_leave (agent_id, during) values (2, '[2025-06-18,2025-06-19)');
select is(pg_temp.hours('2025-06-18'), '09:00-15:30', 'not who is on leave');
select is(pg_temp.hours('2025-06-19'), '00:00-00:00', 'nobody works that weekday: capacity decides');
delete from trustcart.agent_working_hours where agent_id = 3;
select is(pg_temp.hours('2025-06-18'), '00:00-00:00', 'who has stated no hours may be there at any');
update trustcart.users set is_active = false where id = 3;
select is(pg_temp.hours('2025-06-25'), '09:00-18:00', 'not who has left');

select * from finish();
rollback;
