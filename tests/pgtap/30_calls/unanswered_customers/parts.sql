-- Who was tried often enough since anybody answered, and how often in each part of the day.
begin;
select plan(15);

insert into trustcart.customers (id, first_name) values (1, 'Rahim'), (2, 'Karim'), (3, 'Salma');
create function pg_temp.tries(p_ids bigint [] default '{1}') returns text language sql as $$
    select string_agg(u::text, ' ' order by u.customer_id)
    from trustcart.settings as s
    cross join lateral trustcart_private.unanswered_customers(p_ids, '2025-06-18', s) as u
$$;
create function pg_temp.try(p_at text, p_outcome text default 'no_answer', p_id bigint default 1)
returns void language sql as $$
    insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
    values (p_id, (p_at || '+06')::timestamptz, p_outcome)
$$;
select is(pg_temp.tries(), null, 'nobody has tried');
select pg_temp.try('2025-06-10 09:00');
select pg_temp.try('2025-06-10 12:00');
select is(pg_temp.tries(), null, 'two tries are less than one task has');
select pg_temp.try('2025-06-10 17:00', 'busy - twice');
select is(pg_temp.tries(), '(1,1,1,1)', 'three, once in each part; any retry counts');
select pg_temp.try('2025-06-11 11:59');
select is(pg_temp.tries(), '(1,2,1,1)', 'the morning ends at noon');
select pg_temp.try('2025-06-11 16:59');
select is(pg_temp.tries(), '(1,2,2,1)', 'the afternoon at five');
select pg_temp.try('2025-06-17 23:59');
select pg_temp.try('2025-06-18 00:00');
select is(pg_temp.tries(), '(1,2,2,1)', 'tries at night are of no part, those of the day itself not known yet');

-- Several customers, each with tries of their own.
select pg_temp.try(t.at, 'no_answer', 2)
from (values ('2025-06-12 09:00'), ('2025-06-12 10:00'), ('2025-06-12 22:00')) as t (at);
select pg_temp.try(t.at, 'no_answer', 3) from (values ('2025-06-12 09:00'), ('2025-06-12 10:00')) as t (at);
select is(pg_temp.tries('{1,2,3}'), '(1,2,2,1) (2,2,0,0)', 'one row for each who was tried often enough, also at night');
select is(pg_temp.tries('{2,3}'), '(2,2,0,0)', 'only those asked about');
select is(pg_temp.tries('{2,2}'), '(2,2,0,0)', 'nothing counts twice');
select is(pg_temp.tries('{}') || pg_temp.tries(null), null, 'nobody asked about');

select pg_temp.try('2025-06-12 11:00', 'successful - ordered');
select is(pg_temp.tries('{1,2,3}'), '(2,2,0,0)', 'somebody answered: the tries before are forgotten, nobody else''s');
select pg_temp.try('2025-06-13 09:00');
select pg_temp.try('2025-06-13 10:00');
select is(pg_temp.tries(), '(1,2,0,0)', 'those since then count');
update trustcart.call_outcomes set max_attempts = 4 where outcome = 'no_answer';
select is(pg_temp.tries('{1,2}'), null, 'how many are enough is a matter of call_outcomes');
update trustcart.call_outcomes set max_attempts = 3 where outcome = 'no_answer';

delete from trustcart.crm_call_attempts;
select pg_temp.try('2025-04-18 09:00');
select pg_temp.try('2025-04-19 09:00');
select pg_temp.try('2025-06-10 09:00');
select is(pg_temp.tries(), null, 'tries of more than sixty days ago are forgotten as well');
select pg_temp.try('2025-04-19 00:00');
select is(pg_temp.tries(), '(1,2,0,0)', 'those of the sixtieth are not');

select * from finish();
rollback;
