-- requires: agent_capacity, agent_suits, agent_of_task

create or replace function trustcart_private.assign_calls(
    p_date date,
    p_customer_ids bigint[],
    p_own_agents bigint[],
    p_priority_ranks smallint[],
    p_languages text[],
    p_skills text[],
    p_calls_per_agent_day integer,
    p_simulation bigint,
    p_calls_from timestamptz[] default null,
    p_calls_until timestamptz[] default null
)
returns table (customer_id bigint, agent_id bigint, why_agent text)
language plpgsql stable parallel safe
security definer
rows 10000
set search_path = pg_catalog, pg_temp
set jit = off
-- The arrays are taken for a few rows, however many they hold.
set enable_nestloop = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_day_begins timestamptz := p_date::timestamp at time zone v_time_zone;
    v_languages boolean := exists (select from trustcart.agent_languages as l);
    v_skills boolean := exists (select from trustcart.agent_skills as k);
    v_agents bigint[];
    v_caps integer[];
    v_loads integer[];
    v_absences text[];
    v_begin timestamptz[];
    v_end timestamptz[];
    v_classes integer[];
    v_suits text[];
    v_round record;
    v_customers bigint[];
    v_chosen bigint[];
    v_whys text[];
begin
    -- Who works, how many calls each may have, and how many were arranged for the day before it began.
    select
        array_agg(a.agent_id order by a.agent_id),
        array_agg(a.max_calls order by a.agent_id),
        array_agg(coalesce(m.calls, 0) order by a.agent_id),
        array_agg(a.absence order by a.agent_id),
        array_agg((p_date + a.works_from) at time zone v_time_zone order by a.agent_id),
        array_agg((p_date + a.works_until) at time zone v_time_zone order by a.agent_id)
    into v_agents, v_caps, v_loads, v_absences, v_begin, v_end
    from trustcart_private.agent_capacity(
        p_date, p_calls_per_agent_day => p_calls_per_agent_day
    ) as a
    left join (
        select
            o.agent_id,
            count(*)::integer as calls
        from trustcart.crm_call_tasks as t
        cross join lateral trustcart_private.agent_of_task(t.id, t.assigned_agent_id, v_day_begins) as o
        where
            p_simulation is null
            and t.task_date = p_date
            and t.source <> 'generated'
            and t.created_at < v_day_begins
            and (t.closed_at >= v_day_begins) is not false
        group by o.agent_id
    ) as m on a.agent_id = m.agent_id;
    if v_agents is null or p_customer_ids is null then
        return;
    end if;
    -- Calls that the same agents can make, by language, skill and hours, are of one class.
    with needs as (
        select
            n.*,
            (
                select
                    array_agg(
                        trustcart_private.agent_suits(a.id, n.language, n.skill)
                        and (
                            n.call_from is null or a.works_from is null
                            or (n.call_from < a.works_until and n.call_until > a.works_from)
                        )
                        order by a.id
                    )
                from unnest(v_agents, v_begin, v_end) as a (id, works_from, works_until)
            ) as suits
        from (
            select distinct
                c.language,
                c.skill,
                c.call_from,
                c.call_until
            from unnest(p_languages, p_skills, p_calls_from, p_calls_until)
                as c (language, skill, call_from, call_until)
        ) as n
    ),

    classes as (
        select
            n.*,
            dense_rank() over (order by n.suits) as class
        from needs as n
    )

    select
        (
            select array_agg(k.class order by c.place)
            from unnest(p_languages, p_skills, p_calls_from, p_calls_until) with ordinality
                as c (language, skill, call_from, call_until, place)
            inner join classes as k
                on
                    coalesce(c.language, '') = coalesce(k.language, '')
                    and coalesce(c.skill, '') = coalesce(k.skill, '')
                    and coalesce(c.call_from, '-infinity') = coalesce(k.call_from, '-infinity')
                    and coalesce(c.call_until, 'infinity') = coalesce(k.call_until, 'infinity')
        ),
        (
            select array_agg(d.suits order by d.class)
            from (select distinct k.class, k.suits::text as suits from classes as k) as d
        )
    into v_classes, v_suits;

    -- Where every agent can make every call, one round places all. Otherwise the hot calls are placed first, then the
    -- warm, then the cold, and of each those that the fewest agents can make.
    for v_round in
        select
            r.priority_rank,
            r.class,
            r.suits
        from (
            select distinct
                case when cardinality(v_suits) > 1 then c.priority_rank end as priority_rank,
                c.class,
                v_suits[c.class]::boolean[] as suits
            from unnest(p_priority_ranks, v_classes) as c (priority_rank, class)
        ) as r
        order by
            r.priority_rank nulls first,
            (
                select count(*)
                from unnest(r.suits) as a (suits)
                where a.suits
            ),
            r.class
    loop
        with waiting as (
            select
                c.customer_id,
                c.own_agent_id,
                c.language,
                c.skill,
                row_number() over (order by c.place) as place
            from unnest(p_customer_ids, p_own_agents, p_priority_ranks, p_languages, p_skills, v_classes)
                with ordinality
                as c (customer_id, own_agent_id, priority_rank, language, skill, class, place)
            where
                (v_round.priority_rank is null or c.priority_rank = v_round.priority_rank)
                and c.class = v_round.class
        ),

        agents as (
            select
                a.agent_id,
                a.max_calls,
                a.calls
            from unnest(v_agents, v_caps, v_loads, v_round.suits) as a (agent_id, max_calls, calls, suits)
            where a.suits and a.calls < a.max_calls
        ),

        -- As many as there are places, from the top of the list.
        placed as (
            select
                w.*
            from waiting as w
            where w.place <= (select sum(a.max_calls - a.calls) from agents as a)
        ),

        own as (
            select
                p.customer_id,
                p.place,
                a.agent_id,
                a.max_calls - a.calls as room,
                row_number() over (partition by a.agent_id order by p.place) as own_place
            from placed as p
            inner join agents as a on p.own_agent_id = a.agent_id
        ),

        others as (
            select
                p.customer_id,
                p.own_agent_id,
                p.language,
                p.skill,
                row_number() over (order by p.place) as place
            from placed as p
            left join own as o on p.customer_id = o.customer_id and o.own_place <= o.room
            where o.customer_id is null
        ),

        -- The next place is with the agent whose day it fills least: so the shares end level. No share ends above what
        -- all calls are of all capacity, unless it was there before.
        seats as (
            select
                a.agent_id,
                row_number() over (order by s.calls::numeric / a.max_calls, a.agent_id) as place
            from (
                select
                    g.agent_id,
                    g.max_calls,
                    g.calls,
                    (sum(g.calls) over () + (select count(*) from others as t))::numeric
                    / sum(g.max_calls) over () as level
                from (
                    select
                        f.agent_id,
                        f.max_calls,
                        f.calls + count(o.customer_id)::integer as calls
                    from agents as f
                    left join own as o on f.agent_id = o.agent_id and o.own_place <= o.room
                    group by f.agent_id, f.max_calls, f.calls
                ) as g
            ) as a
            cross join lateral generate_series(
                a.calls + 1, least(a.max_calls, ceil(a.level * a.max_calls)::integer + 1)
            ) as s (calls)
        ),

        settled as (
            select
                o.customer_id,
                o.agent_id,
                'own' as how,
                null::bigint as own_agent_id,
                null::text as language,
                null::text as skill
            from own as o
            where o.own_place <= o.room
            union all
            select
                t.customer_id,
                s.agent_id,
                'level',
                t.own_agent_id,
                t.language,
                t.skill
            from others as t
            inner join seats as s on t.place = s.place
        ),

        loads as (
            select array_agg(l.calls order by l.agent_id) as calls
            from (
                select
                    b.agent_id,
                    b.calls + count(s.customer_id)::integer as calls
                from unnest(v_agents, v_loads) as b (agent_id, calls)
                left join settled as s on b.agent_id = s.agent_id
                group by b.agent_id, b.calls
            ) as l
        ),

        results as (
            select
                array_agg(s.customer_id) as customer_ids,
                array_agg(s.agent_id) as agent_ids,
                array_agg(
                    case when s.how = 'own' then 'the customer''s own agent' else concat_ws(
                        ': ',
                        case
                            when s.own_agent_id is null then null
                            when b.agent_id is null then format('agent %s is not active', s.own_agent_id)
                            when b.absence is not null then format('agent %s is away (%s)', s.own_agent_id, b.absence)
                            when not b.suits then format('agent %s does not suit', s.own_agent_id)
                            else format('the day of agent %s is full', s.own_agent_id)
                        end,
                        'the least loaded agent'
                        || case when v_languages then coalesce(' who speaks ' || s.language, '') else '' end
                        || case when v_skills then coalesce(' trained for ' || s.skill, '') else '' end
                    ) end
                ) as whys
            from settled as s
            left join unnest(v_agents, v_absences, v_round.suits) as b (agent_id, absence, suits)
                on s.own_agent_id = b.agent_id
        )

        select
            r.customer_ids,
            r.agent_ids,
            r.whys,
            l.calls
        into v_customers, v_chosen, v_whys, v_loads
        from results as r
        cross join loads as l;

        return query
        select
            u.customer_id,
            u.agent_id,
            u.why
        from unnest(v_customers, v_chosen, v_whys) as u (customer_id, agent_id, why);
    end loop;
end;
$$;
comment on function trustcart_private.assign_calls(
    date, bigint[], bigint[], smallint[], text[], text[], integer, bigint, timestamptz[], timestamptz[]
) is
'Who makes the calls of a date: the customers come in the order of the list, with their own agent, priority, and the
language, skill and hours that the call needs, null for none. A customer stays with the own agent where that one works,
suits and has room; the rest go one after the other to the agent whose day they fill least, so that no agent who got one of
them ends with a share of the own capacity above what one call more would make that of another who could have taken it.
Whoever finds no place is not in the result. p_calls_per_agent_day null: that of settings. The same arguments and facts
give the same result.';
