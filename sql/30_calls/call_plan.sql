-- requires: call_candidates, assign_calls, agent_capacity, unanswered_customers, staffed_hours, stakes_of

create or replace function trustcart_private.call_plan(
    p_date date,
    p_settings trustcart.settings,
    p_types trustcart.call_task_types[],
    p_real_before date,
    p_simulation bigint
)
returns table (
    customer_id bigint,
    task_type text,
    priority text,
    reasons jsonb,
    agent_id bigint,
    decision text,
    why text,
    priority_rank smallint,
    why_agent text,
    notes text,
    order_count integer,
    total_spend numeric,
    last_order_date date,
    days_since_last_order integer,
    customer_type text,
    lifecycle_stage text,
    list_position integer,
    call_from timestamptz,
    call_until timestamptz,
    carried_from bigint[],
    first_planned_on date,
    due_at timestamptz,
    value_at_stake numeric
)
language plpgsql stable parallel safe
security definer
rows 100000
set search_path = pg_catalog, pg_temp
set jit = off
set enable_nestloop = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    v_has_agents boolean;
    v_no_capacity text;
    v_staffed tstzmultirange := trustcart_private.staffed_hours(p_date, p_settings);
    -- Where no agent's languages or skills are known, none is asked for.
    v_languages boolean := exists (select from trustcart.agent_languages as l);
    v_skills boolean := exists (select from trustcart.agent_skills as s);
begin
    select
        count(*) > 0,
        'no capacity'
        || case
            when count(*) = count(a.absence) then coalesce(': ' || string_agg(distinct a.absence, ', '), '')
            else ''
        end
    into v_has_agents, v_no_capacity
    from trustcart_private.agent_capacity(p_date) as a;

    return query
    with candidates as materialized (
        select c.*
        from trustcart_private.call_candidates(p_date, p_settings, p_types, p_real_before, p_simulation) as c
    ),

    stakes as materialized (
        select k.*
        from (
            select
                array_agg(c.customer_id) as customer_ids,
                array_agg(c.last_order_date) as last_order_dates
            from candidates as c
            where c.is_kept
        ) as x
        cross join lateral trustcart_private.stakes_of(p_date, x.customer_ids, x.last_order_dates, p_settings) as k
    ),

    -- The list: within a priority first what was promised for the day, then whose call could keep most; by the guide's
    -- bands, or without a model, who has been in line longest, then the most valuable. In line is who has been waiting
    -- for a place, and a call carried over, since it was first planned; of the same day who found no place goes before
    -- who had one.
    listed as materialized (
        select
            c.customer_id,
            c.own_agent_id,
            c.priority_rank,
            c.language,
            c.required_skill,
            c.call_from,
            c.call_until,
            k.value_at_stake,
            (
                row_number() over (
                    order by
                        c.priority_rank, c.can_wait, k.value_at_stake desc nulls last, least(c.waiting_since, c.first_planned_on) nulls last,
                        c.waiting_since nulls last, c.total_spend desc, c.customer_id
                )
            )::integer as place
        from candidates as c
        left join stakes as k on c.customer_id = k.customer_id
        where c.is_kept
    ),

    assigned as materialized (
        select a.*
        from (
            select
                array_agg(l.customer_id order by l.place) as customer_ids,
                array_agg(l.own_agent_id order by l.place) as own_agents,
                array_agg(l.priority_rank order by l.place) as priority_ranks,
                array_agg(l.language order by l.place) as languages,
                array_agg(l.required_skill order by l.place) as skills,
                array_agg(l.call_from order by l.place) as calls_from,
                array_agg(l.call_until order by l.place) as calls_until
            from listed as l
        ) as x
        cross join lateral trustcart_private.assign_calls(
            p_date, x.customer_ids, x.own_agents, x.priority_ranks, x.languages, x.skills,
            p_settings.calls_per_agent_day, p_simulation, x.calls_from, x.calls_until
        ) as a
    ),

    placed as materialized (
        select
            d.*,
            l.place,
            l.value_at_stake,
            a.agent_id,
            case
                when a.agent_id is null then 'no active agent'
                when a.agent_id = d.own_agent_id and not d.has_own_agent then 'had the call before'
                else a.why_agent
            end as why_agent
        from candidates as d
        inner join listed as l on d.customer_id = l.customer_id
        left join assigned as a on d.customer_id = a.customer_id
        where a.agent_id is not null or not v_has_agents
    ),

    unanswered as materialized (
        select u.*
        from (
            select array_agg(p.customer_id) as customer_ids
            from placed as p
            where p_simulation is null
        ) as x
        cross join lateral trustcart_private.unanswered_customers(x.customer_ids, p_date, p_settings) as u
    ),

    kept as (
        select
            d.*,
            h.part as other_part,
            coalesce(lower(h.stretch), d.call_from) as from_hour,
            coalesce(upper(h.stretch), d.call_until) as until_hour,
            array_remove(
                array[
                    case
                        when d.asked_rank is not null then jsonb_build_object(
                            'task_type', 'follow_up', 'rank', d.asked_rank, 'asked_on', d.asked_on,
                            'due_on', d.due_on
                        )
                        || case when d.carried_type = 'follow_up' then d.carry else '{}' end
                    end,
                    case
                        when d.birthday_rank is not null then jsonb_build_object(
                            'task_type', 'birthday', 'rank', d.birthday_rank, 'events', d.birthdays
                        )
                        || case when d.carried_type = 'birthday' then d.carry else '{}' end
                    end,
                    case
                        when d.anniversary_rank is not null then jsonb_build_object(
                            'task_type', 'anniversary', 'rank', d.anniversary_rank, 'events', d.anniversaries
                        )
                        || case when d.carried_type = 'anniversary' then d.carry else '{}' end
                    end,
                    case
                        when d.new_rank is not null then jsonb_build_object(
                            'task_type', 'new_customer', 'rank', d.new_rank,
                            'first_order_date', d.first_order_date, 'calls_before', d.calls_as_new
                        )
                        || case when d.carried_type = 'new_customer' then d.carry else '{}' end
                    end,
                    case
                        when d.risk_rank is not null then jsonb_build_object(
                            'task_type', 'at_risk', 'rank', d.risk_rank,
                            'phase', case when d.customer_type = 'inactive' then 'win_back' else 'at_risk' end,
                            'last_order_date', d.last_order_date, 'calls_before', d.calls_at_risk
                        )
                        || case when d.carried_type = 'at_risk' then d.carry else '{}' end
                    end,
                    case
                        when d.repeat_rank is not null then jsonb_build_object(
                            'task_type', 'repeat_reminder', 'rank', d.repeat_rank,
                            'last_order_date', d.last_order_date, 'avg_days_between_orders', d.rhythm,
                            'calls_before', d.calls_to_remind
                        )
                        || case when d.carried_type = 'repeat_reminder' then d.carry else '{}' end
                    end,
                    case
                        when
                            d.carried_rank is not null and d.carried_type not in (
                                select k.task_type
                                from (
                                    values
                                    ('follow_up', d.asked_rank), ('birthday', d.birthday_rank),
                                    ('anniversary', d.anniversary_rank), ('new_customer', d.new_rank),
                                    ('at_risk', d.risk_rank), ('repeat_reminder', d.repeat_rank)
                                ) as k (task_type, rank)
                                where k.rank is not null
                            )
                            then jsonb_build_object('task_type', d.carried_type, 'rank', d.carried_rank)
                            || coalesce(d.carried_fact, '{}') || d.carry || '{"still_due": false}'
                    end
                ],
                null
            ) as facts
        from (
            select
                p.*,
                case
                    when p.carried_rank is not null then jsonb_build_object(
                        'carried_from', to_jsonb(p.carried_from), 'first_planned_on', p.first_planned_on,
                        'age_days', p_date - p.first_planned_on
                    )
                end as carry
            from placed as p
        ) as d
        left join unanswered as u on d.customer_id = u.customer_id
        -- Who did not answer is tried in the part of the day that was tried least, of those within the hours.
        left join lateral (
            select
                v.part,
                s.stretch
            from (
                values
                ('morning', 1, u.mornings, time '09:00', time '12:00'),
                ('afternoon', 2, u.afternoons, time '12:00', time '17:00'),
                ('evening', 3, u.evenings, time '17:00', time '21:00')
            ) as v (part, place, tries, hours_from, hours_until)
            cross join lateral unnest(
                tstzmultirange(tstzrange(
                    (p_date + v.hours_from) at time zone p_settings.time_zone,
                    (p_date + v.hours_until) at time zone p_settings.time_zone
                ))
                * tstzmultirange(tstzrange(d.call_from, d.call_until))
                * v_staffed
            ) as s (stretch)
            where u.customer_id is not null
            order by v.tries, v.place, upper(s.stretch) - lower(s.stretch) desc, lower(s.stretch)
            limit 1
        ) as h on true
        offset 0
    )

    select
        k.customer_id,
        k.task_type,
        case k.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        case
            when cardinality(k.facts) = 1 then jsonb_build_array(k.facts[1])
            else (select jsonb_agg(r.fact order by r.fact -> 'rank') from unnest(k.facts) as r (fact))
        end,
        k.agent_id,
        'kept',
        concat_ws(
            '; ',
            case when k.asked_rank is not null then format('asked on %s to be called on %s', k.asked_on, k.due_on) end,
            case when k.birthday_rank is not null then format('birthday on %s', k.birthday) end,
            case when k.anniversary_rank is not null then format('anniversary on %s', k.anniversary) end,
            case
                when k.new_rank is not null
                    then format('first order on %s, ', k.first_order_date)
                    || case k.calls_as_new
                        when 0 then 'not called yet'
                        when 1 then 'called once since'
                        else format('called %s times since', k.calls_as_new)
                    end
            end,
            case
                when k.risk_rank is not null
                    then format('no order since %s, ', k.last_order_date)
                    || case k.calls_at_risk
                        when 0 then 'not called about it yet'
                        when 1 then 'called once about it'
                        else format('called %s times about it', k.calls_at_risk)
                    end
            end,
            case
                when k.repeat_rank is not null
                    then format('orders every %s days, the last on %s', k.rhythm, k.last_order_date)
            end,
            case
                when k.carried_rank is not null
                    then format('planned for %s already', k.first_planned_on)
            end,
            'to be tried at another hour: ' || k.other_part
        ),
        k.priority_rank,
        k.why_agent,
        case when k.asked_rank is not null or k.carried_rank is not null then k.note end,
        k.order_count,
        k.total_spend,
        k.last_order_date,
        k.days,
        k.customer_type,
        k.lifecycle_stage,
        k.place,
        k.from_hour,
        k.until_hour,
        k.carried_from,
        k.first_planned_on,
        k.due_at,
        k.value_at_stake
    from kept as k
    union all
    select
        d.customer_id,
        d.task_type,
        case d.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        '[]',
        null,
        'dropped',
        case
            when d.is_kept
                then v_no_capacity
                || case when v_languages then coalesce(' in ' || d.language, '') else '' end
                || case when v_skills then coalesce(' for ' || d.required_skill, '') else '' end
            else d.refusal
        end,
        d.priority_rank,
        null,
        null,
        d.order_count,
        d.total_spend,
        d.last_order_date,
        d.days,
        d.customer_type,
        d.lifecycle_stage,
        l.place,
        null,
        null,
        d.carried_from,
        d.first_planned_on,
        d.due_at,
        l.value_at_stake
    from candidates as d
    left join listed as l on d.customer_id = l.customer_id
    left join assigned as a on d.customer_id = a.customer_id
    where not d.is_kept or (v_has_agents and a.agent_id is null);
end;
$$;
comment on function trustcart_private.call_plan(
    date, trustcart.settings, trustcart.call_task_types[], date, bigint
) is
'The call list of a date under given rules: call_candidates(), put in order and handed to the agents by assign_calls().
Behind plan_daily_call_tasks(), whose columns it has, and backtest_call_plan(), which gives it a simulation.';
