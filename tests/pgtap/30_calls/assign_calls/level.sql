-- The rest goes to the agent whose day it fills least: nobody's share ends above what one call more would make another's.
begin;
select plan(16);

insert into trustcart.users (id, name, role) select g.n, 'Agent ' || g.n, 'crm_agent' from generate_series(1, 6) as g (n);
-- 18 June 2025 was a Wednesday: caps of 40, 20, 10, 1, 0 and the 30 of settings.
update trustcart.settings set calls_per_agent_day = 30;
insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)
values (1, 3, '09:00', '17:00', 40), (2, 3, '09:00', '13:00', 20), (3, 3, '09:00', '11:00', 10),
(4, 3, '09:00', '10:00', 1), (5, 3, '09:00', '10:00', 0);
create function pg_temp.assigned(p_customers integer, p_own bigint [] default '{}')
returns table (customer_id bigint, agent_id bigint, why_agent text) language sql as $$
    select a.*
    from (
        select
            array_agg(g.n::bigint order by g.n) as ids,
            array_agg(p_own[g.n] order by g.n) as own,
            array_agg(1 + (3 * g.n / (p_customers + 1)) order by g.n)::smallint [] as ranks
        from generate_series(1, p_customers) as g (n)
    ) as x
    cross join lateral trustcart_private.assign_calls(
        '2025-06-18', x.ids, x.own, x.ranks, array_fill(null::text, array[p_customers]),
        array_fill(null::text, array[p_customers]), null, null
    ) as a
$$;
create function pg_temp.shares(p_customers integer, p_own bigint [] default '{}')
returns table (agent_id bigint, max_calls integer, calls bigint, others bigint) language sql as $$
    select
        c.agent_id, c.max_calls, count(a.customer_id),
        count(a.customer_id) filter (where a.why_agent not like '%own agent')
    from trustcart_private.agent_capacity('2025-06-18') as c
    left join pg_temp.assigned(p_customers, p_own) as a on c.agent_id = a.agent_id
    group by 1, 2
$$;
-- Two agents of whom one, with a call of the other, would still have been less loaded than that one was with it.
create function pg_temp.unfair(p_customers integer, p_own bigint [] default '{}') returns bigint language sql as $$
    with shares as materialized (select s.* from pg_temp.shares(p_customers, p_own) as s)

    select count(*)
    from shares as g
    inner join shares as o on g.others > 0 and o.calls < o.max_calls and g.agent_id <> o.agent_id
    where g.calls::numeric / g.max_calls > (o.calls + 1)::numeric / o.max_calls
$$;

select results_eq(
    'select s.agent_id, s.calls from pg_temp.shares(50) as s order by 1',
    $$values (1::bigint, 20::bigint), (2, 10), (3, 5), (4, 0), (5, 0), (6, 15)$$,
    'who works half a day gets half; a place of one is filled when it is the least loaded'
);
select results_eq(
    'select s.agent_id, s.calls from pg_temp.shares(101) as s order by 1',
    $$values (1::bigint, 40::bigint), (2, 20), (3, 10), (4, 1), (5, 0), (6, 30)$$,
    'all places are used'
);
select is((select count(*) from pg_temp.assigned(300)), 101::bigint, 'and no more than there are');
select is(
    (select max(a.customer_id) from pg_temp.assigned(300) as a), 101::bigint, 'whoever is first in the list has a place'
);
select is(
    (select count(*) from generate_series(1, 110, 7) as g (n) where pg_temp.unfair(g.n) > 0),
    0::bigint,
    'the shares are level, however many calls'
);

-- With own agents: agent 1 has 35 of the first 60, agent 5, who takes none, 5, one without a place 2.
select results_eq(
    $$select s.agent_id, s.calls, s.others from pg_temp.shares(
        60, array_fill(1::bigint, array[35]) || array_fill(5::bigint, array[5]) || array[99, 99]::bigint []
    ) as s order by 1$$,
    $$values (1::bigint, 35::bigint, 0::bigint), (2, 8, 8), (3, 4, 4), (4, 0, 0), (5, 0, 0), (6, 13, 13)$$,
    'whoever has many of their own gets none of the others'
);
select is(
    (
        select count(*) from generate_series(1, 110, 7) as g (n)
        where pg_temp.unfair(g.n, (
            select array_agg(case when i.n * 7919 % 10 < 6 then 1 + i.n * 104729 % 6 end order by i.n)
            from generate_series(1, 110) as i (n)
        )::bigint []) > 0
    ),
    0::bigint,
    'level with own agents too'
);
select results_eq(
    $$select a.why_agent, count(*) from pg_temp.assigned(20, array[1, 4, 4, 5, 99]) as a where a.customer_id <= 6
    group by 1 order by 2, 1$$,
    $$values ('agent 99 is not active: the least loaded agent', 1::bigint),
    ('the day of agent 4 is full: the least loaded agent', 1), ('the day of agent 5 is full: the least loaded agent', 1),
    ('the least loaded agent', 1), ('the customer''s own agent', 2)$$,
    'why this agent'
);
select is(
    (select jsonb_agg(to_jsonb(a) order by a.customer_id) from pg_temp.assigned(77, array[1, 2, 3, 3, 6]) as a),
    (select jsonb_agg(to_jsonb(a) order by a.customer_id) from pg_temp.assigned(77, array[1, 2, 3, 3, 6]) as a),
    'the same arguments give the same result'
);

-- Calls arranged before the day are load.
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, created_at)
select 1, 6, '2025-06-18', '2025-06-17 10:00+06' from generate_series(1, 15);
select results_eq(
    'select s.agent_id, s.calls from pg_temp.shares(35) as s order by 1',
    $$values (1::bigint, 20::bigint), (2, 10), (3, 5), (4, 0), (5, 0), (6, 0)$$,
    'whoever has a half full day already gets nothing until the others have'
);
select is((select count(*) from pg_temp.assigned(300)), 86::bigint, 'and the places are gone');
delete from trustcart.crm_call_tasks;

-- A cap that a simulation assumes, where the weekday has none of its own.
select is(
    (
        select count(*) from trustcart_private.assign_calls(
            '2025-06-18', array[1, 2, 3]::bigint [], array[6, 6, 6]::bigint [], array[1, 1, 1]::smallint [],
            array[null, null, null]::text [], array[null, null, null]::text [], 2, null
        ) as a where a.agent_id = 6
    ),
    2::bigint,
    'calls a day as given'
);

-- Languages: hot ones first, of each those for whom the fewest agents are there.
delete from trustcart.agent_working_hours;
update trustcart.users set is_active = false where id > 3;
update trustcart.settings set calls_per_agent_day = 1;
insert into trustcart.agent_languages (agent_id, language) values (1, 'bn'), (2, 'bn'), (2, 'en'), (3, 'bn'), (3, 'en');
select results_eq(
    $$select a.customer_id, a.agent_id from trustcart_private.assign_calls(
        '2025-06-18', array[11, 12, 13, 14]::bigint [], array[null, 2, null, null]::bigint [],
        array[1, 1, 1, 1]::smallint [], array['bn', 'bn', 'en', 'en'], array[null, null, null, null]::text [], null, null
    ) as a order by 1$$,
    $$values (11::bigint, 1::bigint), (13, 2), (14, 3)$$,
    'who speaks English is for those who need it'
);
select results_eq(
    $$select a.customer_id from trustcart_private.assign_calls(
        '2025-06-18', array[11, 12, 13, 14]::bigint [], array[null, null, null, null]::bigint [],
        array[1, 1, 1, 2]::smallint [], array[null, 'bn', 'bn', 'en'], array[null, null, null, null]::text [], null, null
    ) as a order by 1$$,
    $$values (11::bigint), (12), (13)$$,
    'but a warm call takes no place from a hot one'
);
select is_empty(
    $$select 1 from trustcart_private.assign_calls('2025-06-18', null, null, null, null, null, null, null)$$,
    'nobody to call'
);
update trustcart.users set is_active = false;
select is_empty('select 1 from pg_temp.assigned(5)', 'nobody to do it');

select * from finish();
rollback;
