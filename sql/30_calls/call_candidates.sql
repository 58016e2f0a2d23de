-- requires: customer_type_of, lifecycle_stage_of, avg_days_between_orders_of, business_date, open_follow_ups
-- requires: events_to_greet, contact_history, contact_blocks, call_hours, longest_stretch, staffed_hours
-- requires: agent_of_task, stable_fraction

create or replace function trustcart_private.call_candidates(
    p_date date,
    p_settings trustcart.settings,
    p_types trustcart.call_task_types[],
    p_real_before date,
    p_simulation bigint
)
returns table (
    customer_id bigint,
    is_kept boolean,
    refusal text,
    task_type text,
    priority_rank smallint,
    can_wait boolean,
    waiting_since date,
    own_agent_id bigint,
    has_own_agent boolean,
    language text,
    required_skill text,
    call_from timestamptz,
    call_until timestamptz,
    order_count integer,
    total_spend numeric,
    first_order_date date,
    last_order_date date,
    days integer,
    customer_type text,
    lifecycle_stage text,
    rhythm integer,
    asked_rank smallint,
    asked_on date,
    due_on date,
    due_at timestamptz,
    note text,
    birthday_rank smallint,
    birthday date,
    birthdays jsonb,
    anniversary_rank smallint,
    anniversary date,
    anniversaries jsonb,
    new_rank smallint,
    calls_as_new bigint,
    risk_rank smallint,
    calls_at_risk bigint,
    repeat_rank smallint,
    calls_to_remind bigint,
    carried_rank smallint,
    carried_type text,
    carried_from bigint[],
    first_planned_on date,
    carried_fact jsonb
)
language plpgsql stable parallel safe
security definer
rows 100000
set search_path = pg_catalog, pg_temp
-- How much there is to look at depends on the date: only with it at hand can the planner tell.
set plan_cache_mode = force_custom_plan
set jit = off
-- What the rules come to is taken for a few rows, however many they are.
set enable_nestloop = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    -- What the plan knows ends where the day begins; what is real, where a simulation does.
    v_day_begins timestamptz := p_date::timestamp at time zone p_settings.time_zone;
    v_real_before date := least(p_date, p_real_before);
    v_past_before date := least(p_date, trustcart.business_date());
    v_max_carry integer := (select max(t.carry_days) from unnest(p_types) as t);
    v_promised smallint[] := array(select t.rank from unnest(p_types) as t where not t.can_wait);
    v_follow_up trustcart.call_task_types;
    v_birthday trustcart.call_task_types;
    v_anniversary trustcart.call_task_types;
    v_new trustcart.call_task_types;
    v_risk trustcart.call_task_types;
    v_repeat trustcart.call_task_types;
    v_staffed tstzmultirange;
    v_whole_day tstzmultirange := tstzmultirange(tstzrange(
        v_day_begins, (p_date + 1)::timestamp at time zone p_settings.time_zone
    ));
    v_usual_hours tstzmultirange;
    v_usual_stretch tstzrange;
begin
    select t.* into v_follow_up from unnest(p_types) as t where t.task_type = 'follow_up';
    select t.* into v_birthday from unnest(p_types) as t where t.task_type = 'birthday';
    select t.* into v_anniversary from unnest(p_types) as t where t.task_type = 'anniversary';
    select t.* into v_new from unnest(p_types) as t where t.task_type = 'new_customer';
    select t.* into v_risk from unnest(p_types) as t where t.task_type = 'at_risk';
    select t.* into v_repeat from unnest(p_types) as t where t.task_type = 'repeat_reminder';
    v_staffed := trustcart_private.staffed_hours(p_date, p_settings);
    v_usual_hours := trustcart_private.call_hours(p_date, null, null, null, p_settings);
    if v_usual_hours <> v_whole_day then
        v_usual_stretch := trustcart_private.longest_stretch(v_usual_hours * v_staffed);
    end if;

    return query
    with figures as (
        -- The maintained figures are those of the orders before the day, unless an order of the day or later is in
        -- them, or one before it is not yet: then the orders are counted.
        select
            c.id as customer_id,
            c.is_active,
            c.assigned_agent_id,
            c.order_count,
            c.total_spend,
            c.first_order_date,
            c.last_order_date
        from trustcart.customers as c
        where
            (c.last_order_date is null or c.last_order_date < p_date)
            and (c.next_order_date is null or c.next_order_date >= p_date)
        union all
        select
            c.id,
            c.is_active,
            c.assigned_agent_id,
            o.order_count,
            o.total_spend,
            o.first_order_date,
            o.last_order_date
        from trustcart.customers as c
        cross join lateral (
            select
                count(*)::integer as order_count,
                coalesce(sum(so.total_amount), 0) as total_spend,
                min(so.order_date) as first_order_date,
                max(so.order_date) as last_order_date
            from trustcart.sales_orders as so
            where
                so.customer_id = c.id
                and so.order_date < p_date
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o
        where
            c.last_order_date >= p_date
            -- state_valid_until is never after next_order_date, and has the index.
            or (c.state_valid_until < p_date and c.next_order_date < p_date)
    ),

    states as (
        select
            f.*,
            p_date - f.last_order_date as days,
            trustcart_private.customer_type_of(
                f.order_count, f.total_spend, p_date - f.last_order_date, p_settings
            ) as customer_type,
            trustcart_private.lifecycle_stage_of(
                f.order_count, p_date - f.last_order_date, p_settings
            ) as lifecycle_stage,
            trustcart_private.avg_days_between_orders_of(
                f.order_count, f.first_order_date, f.last_order_date
            ) as rhythm
        from figures as f
        offset 0  -- here and below: what the next step uses several times is computed once
    ),

    -- The rules that follow from the orders alone.
    due as (
        select
            s.*,
            p_date - s.first_order_date <= v_new.window_days as is_new,
            case
                when s.customer_type = 'inactive' then s.last_order_date + p_settings.inactive_from_days
                when s.lifecycle_stage = 'at_risk' then s.last_order_date + p_settings.at_risk_from_days
            end as at_risk_from,
            -- Orders of one day only are no rhythm.
            s.customer_type in ('repeat', 'vip') and s.rhythm > 0 and s.days >= s.rhythm as is_repeat
        from states as s
        offset 0
    ),

    -- Everything that does not follow from the orders, a row a customer.
    occasions as (
        select
            x.customer_id,
            max(x.asked_on) as asked_on,
            max(x.due_on) as due_on,
            max(x.due_at) as due_at,
            max(x.note) as note,
            max(x.birthday) as birthday,
            jsonb_agg(x.fact order by x.birthday, x.fact) filter (
                where x.birthday is not null and not x.is_greeted
            ) as birthdays,
            max(x.anniversary) as anniversary,
            jsonb_agg(x.fact order by x.anniversary, x.fact) filter (
                where x.anniversary is not null and not x.is_greeted
            ) as anniversaries,
            max(x.manual_task_id) as manual_task_id,
            array_agg(x.open_task_id order by x.open_rank, x.open_task_id) filter (where x.is_carried) as carried_from,
            min(x.open_rank) filter (where x.is_carried) as carried_rank,
            min(x.open_priority) filter (where x.is_carried) as carried_priority,
            min(x.planned_on) filter (where x.is_carried) as first_planned_on,
            (
                array_agg(x.open_agent_id order by x.open_rank, x.open_task_id) filter (
                    where x.is_carried and x.open_agent_id is not null
                )
            )[1] as carried_agent_id,
            (
                array_agg(x.open_fact order by x.open_rank, x.open_task_id) filter (where x.is_carried)
            )[1] as carried_fact,
            min(x.planned_on) filter (where not x.is_carried) as expired_of,
            min(x.open_rank) filter (where not x.is_carried) as expired_rank
        from (
            select
                a.customer_id,
                a.asked_on,
                a.due_on,
                -- An hour of another day is past.
                case when (a.due_at at time zone p_settings.time_zone)::date = p_date then a.due_at end as due_at,
                coalesce(a.details, a.subject) as note,
                null::date as birthday,
                null::date as anniversary,
                null::jsonb as fact,
                null::boolean as is_greeted,
                null::bigint as manual_task_id,
                null::bigint as open_task_id,
                null::smallint as open_rank,
                null::smallint as open_priority,
                null::bigint as open_agent_id,
                null::date as planned_on,
                null::boolean as is_carried,
                null::jsonb as open_fact
            from trustcart_private.open_follow_ups(p_date, v_real_before) as a
            union all
            select
                e.customer_id,
                null,
                null,
                null,
                null,
                case when e.task_type = 'birthday' then e.event_date end,
                case when e.task_type = 'anniversary' then e.event_date end,
                e.fact,
                e.is_greeted,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null
            from trustcart_private.events_to_greet(p_date, p_types, v_real_before) as e
            union all
            -- A call of the day that was arranged before it, and not settled before it.
            select
                t.customer_id,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                t.id,
                null,
                null,
                null,
                null,
                null,
                null,
                null
            from trustcart.crm_call_tasks as t
            where
                p_simulation is null
                and t.task_date = p_date
                and t.source <> 'generated'
                and t.created_at < v_day_begins
                and (t.closed_at >= v_day_begins) is not false
            union all
            -- A call of a past day that nobody had made when this day began; those too old for any type are not looked
            -- at, neither before they are closed nor after.
            select
                p.customer_id,
                null,
                null,
                null,
                p.notes,
                null,
                null,
                null,
                null,
                null,
                p.id,
                y.rank,
                p.priority_rank,
                h.agent_id,
                coalesce(p.first_planned_on, p.task_date),
                p_date - coalesce(p.first_planned_on, p.task_date) <= y.carry_days and y.is_enabled,
                (
                    select r.fact
                    from jsonb_array_elements(p.reasons) as r (fact)
                    where r.fact ->> 'task_type' = p.task_type
                    limit 1
                )
            from (
                select t.*
                from trustcart.crm_call_tasks as t
                where t.status = 'pending' and t.task_date < v_past_before and t.task_date >= p_date - v_max_carry
                union all
                select t.*
                from trustcart.crm_call_tasks as t
                where
                    t.status <> 'pending'
                    and case
                        when t.settled_on is not null then t.settled_on >= p_date
                        else t.closed_at >= v_day_begins and t.closed_at < upper(v_whole_day)
                    end
                    and t.task_date < v_past_before
                    and t.task_date >= p_date - v_max_carry
            ) as p
            inner join unnest(p_types) as y on p.task_type = y.task_type
            cross join lateral trustcart_private.agent_of_task(p.id, p.assigned_agent_id, v_day_begins) as h
            where p_simulation is null
        ) as x
        group by x.customer_id
    ),

    called as (
        -- The days on which a customer was called, however often on one.
        select
            d.customer_id,
            max(h.contacted_on) as last_call,
            count(*) filter (where h.contacted_on >= d.first_order_date) as calls_as_new,
            count(*) filter (where h.contacted_on >= d.at_risk_from) as calls_at_risk,
            count(*) filter (where h.contacted_on > p_date - v_repeat.window_days) as calls_to_remind
        from trustcart_private.contact_history(v_real_before, p_simulation) as h
        inner join due as d on h.customer_id = d.customer_id
        where h.channel = 'call' and h.contacted_on < p_date
        group by d.customer_id
    ),

    blocked as (
        select
            b.customer_id,
            string_agg(b.reason, '; ' order by b.reason) as reason
        from trustcart_private.contact_blocks(p_date, v_day_begins, v_real_before, p_simulation, p_settings) as b
        group by b.customer_id
    ),

    wishes as (
        select
            p.customer_id,
            p.language,
            trustcart_private.call_hours(
                p_date, p.preferred_from, p.preferred_until, p.time_zone, p_settings
            ) as hours
        from trustcart.customer_contact_preferences as p
    ),

    candidates as (
        select
            d.*,
            o.asked_on,
            o.due_on,
            o.due_at,
            o.note,
            o.birthday,
            -- In a simulation the calls it made have greeted.
            case
                when p_simulation is null or (k.last_call >= o.birthday - v_birthday.window_days) is not true
                    then o.birthdays
            end as birthdays,
            o.anniversary,
            case
                when p_simulation is null or (k.last_call >= o.anniversary - v_anniversary.window_days) is not true
                    then o.anniversaries
            end as anniversaries,
            o.manual_task_id,
            o.carried_from,
            o.carried_rank,
            o.carried_priority,
            o.carried_agent_id,
            o.first_planned_on,
            o.carried_fact,
            o.expired_of,
            o.expired_rank,
            o.due_on is not null and (p_simulation is null or (k.last_call > o.asked_on) is not true) as is_asked,
            b.reason as blocked_by,
            w.language,
            coalesce(w.hours, v_usual_hours) as hours,
            w.hours as wished_hours,
            l.waiting_since,
            k.last_call,
            coalesce(k.calls_as_new, 0) as calls_as_new,
            coalesce(k.calls_at_risk, 0) as calls_at_risk,
            coalesce(k.calls_to_remind, 0) as calls_to_remind,
            case
                when d.customer_type = 'vip' then coalesce(v_new.max_calls_vip, v_new.max_calls)
                else v_new.max_calls
            end as max_as_new,
            case
                when d.customer_type = 'inactive' then v_risk.win_back_max_calls
                when d.customer_type = 'vip' then coalesce(v_risk.max_calls_vip, v_risk.max_calls)
                else v_risk.max_calls
            end as max_at_risk,
            case when d.customer_type = 'inactive' then v_risk.win_back_gap_days else v_risk.min_gap_days end
            as gap_at_risk,
            case
                when d.customer_type = 'vip' then coalesce(v_repeat.max_calls_vip, v_repeat.max_calls)
                else v_repeat.max_calls
            end as max_to_remind
        from due as d
        left join occasions as o on d.customer_id = o.customer_id
        left join called as k on d.customer_id = k.customer_id
        left join blocked as b on d.customer_id = b.customer_id
        left join wishes as w on d.customer_id = w.customer_id
        left join (
            -- Days generated out of turn may leave two entries that both reach the date.
            select
                w.customer_id,
                min(w.waiting_since) as waiting_since
            from trustcart.call_waiting_list as w
            where p_simulation is null and w.waiting_since < p_date and (w.ended_on >= p_date) is not false
            group by w.customer_id
            union all
            select
                s.customer_id,
                s.waiting_since
            from trustcart_private.simulated_candidates as s
            where s.simulation = p_simulation and s.waiting_since < p_date
        ) as l on d.customer_id = l.customer_id
        where d.is_new or d.at_risk_from is not null or d.is_repeat or o.customer_id is not null
    ),

    -- Of each rule that has the customer: what speaks against the call. Null where nothing does.
    judged as (
        select
            c.*,
            case
                when not c.is_active then 'the customer is inactive'
                when c.manual_task_id is not null then format('has a task already: %s', c.manual_task_id)
                when c.blocked_by is not null then c.blocked_by
                -- Not of those who asked for the call.
                when
                    not c.is_asked
                    and trustcart_private.stable_fraction('call_holdout:' || c.customer_id)
                    < p_settings.call_holdout_share
                    then 'held out'
                when isempty(c.hours) then 'no hour of the day to call at'
                when not c.hours && v_staffed then 'nobody works at the hours the customer may be called'
            end as no_call,
            case
                when not c.is_asked then null
                when not (v_follow_up.is_enabled and v_follow_up.is_generated) then 'type disabled'
                when p_date - c.last_call < v_follow_up.min_gap_days then format('called on %s', c.last_call)
            end as no_follow_up,
            case
                when c.birthday is null then null
                when not (v_birthday.is_enabled and v_birthday.is_generated) then 'type disabled'
                when c.birthdays is null then 'called for it already'
                when p_date - c.last_call < v_birthday.min_gap_days then format('called on %s', c.last_call)
            end as no_birthday,
            case
                when c.anniversary is null then null
                when not (v_anniversary.is_enabled and v_anniversary.is_generated) then 'type disabled'
                when c.anniversaries is null then 'called for it already'
                when p_date - c.last_call < v_anniversary.min_gap_days then format('called on %s', c.last_call)
            end as no_anniversary,
            case
                when c.is_new is not true then null
                when not (v_new.is_enabled and v_new.is_generated) then 'type disabled'
                when c.calls_as_new >= c.max_as_new
                    then format('cadence exhausted, %s calls since the first order', c.calls_as_new)
                when p_date - c.last_call < v_new.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_new.min_gap_days)
            end as no_new,
            case
                when c.at_risk_from is null then null
                when not (v_risk.is_enabled and v_risk.is_generated) then 'type disabled'
                when c.calls_at_risk >= c.max_at_risk
                    then format('cadence exhausted, %s calls since %s', c.calls_at_risk, c.at_risk_from)
                when p_date - c.last_call < c.gap_at_risk
                    then format('called on %s, less than %s days ago', c.last_call, c.gap_at_risk)
            end as no_at_risk,
            case
                when c.is_repeat is not true then null
                when not (v_repeat.is_enabled and v_repeat.is_generated) then 'type disabled'
                when c.calls_to_remind >= c.max_to_remind
                    then format('cadence exhausted, %s calls in %s days', c.calls_to_remind, v_repeat.window_days)
                when p_date - c.last_call < v_repeat.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_repeat.min_gap_days)
            end as no_repeat,
            case
                when c.expired_of is not null then format('planned for %s and not called in time', c.expired_of)
            end as no_carry
        from candidates as c
        offset 0
    ),

    ranked as (
        select
            j.*,
            case when j.is_asked and j.no_follow_up is null then v_follow_up.rank end as asked_rank,
            case when j.birthday is not null and j.no_birthday is null then v_birthday.rank end as birthday_rank,
            case
                when j.anniversary is not null and j.no_anniversary is null then v_anniversary.rank
            end as anniversary_rank,
            case when j.is_new and j.no_new is null then v_new.rank end as new_rank,
            case when j.at_risk_from is not null and j.no_at_risk is null then v_risk.rank end as risk_rank,
            case when j.is_repeat and j.no_repeat is null then v_repeat.rank end as repeat_rank
        from judged as j
        offset 0
    ),

    named as (
        select
            r.*,
            least(
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank,
                r.carried_rank
            ) as first_rank,
            -- what a customer without a call would have been called for
            least(
                case when r.no_follow_up is not null then v_follow_up.rank end,
                case when r.no_birthday is not null then v_birthday.rank end,
                case when r.no_anniversary is not null then v_anniversary.rank end,
                case when r.no_new is not null then v_new.rank end,
                case when r.no_at_risk is not null then v_risk.rank end,
                case when r.no_repeat is not null then v_repeat.rank end
            ) as refused_rank,
            v_promised && array[
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank, r.carried_rank
            ] as is_promised
        from ranked as r
        offset 0
    )

    select
        n.customer_id,
        n.first_rank is not null and n.no_call is null,
        coalesce(
            n.no_call,
            concat_ws(
                '; ',
                'follow_up: ' || n.no_follow_up,
                'birthday: ' || n.no_birthday,
                'anniversary: ' || n.no_anniversary,
                'new_customer: ' || n.no_new,
                'at_risk: ' || n.no_at_risk,
                'repeat_reminder: ' || n.no_repeat,
                n.no_carry
            )
        ),
        y.task_type,
        least(
            case
                when n.order_count >= p_settings.vip_order_count or n.total_spend >= p_settings.vip_spend then 1
                when n.lifecycle_stage = 'at_risk' then 2
                else 3
            end,
            case when n.asked_rank is not null then b.follow_up end,
            case when n.birthday_rank is not null then b.birthday end,
            case when n.anniversary_rank is not null then b.anniversary end,
            case when n.new_rank is not null then b.new_customer end,
            case when n.risk_rank is not null then b.at_risk end,
            case when n.repeat_rank is not null then b.repeat_reminder end,
            n.carried_priority
        )::smallint,
        not n.is_promised,
        n.waiting_since,
        coalesce(n.assigned_agent_id, n.carried_agent_id),
        n.assigned_agent_id is not null,
        n.language,
        y.required_skill,
        lower(h.stretch),
        upper(h.stretch),
        n.order_count,
        n.total_spend,
        n.first_order_date,
        n.last_order_date,
        n.days,
        n.customer_type,
        n.lifecycle_stage,
        n.rhythm,
        n.asked_rank,
        n.asked_on,
        n.due_on,
        case when n.asked_rank is not null then n.due_at end,
        n.note,
        n.birthday_rank,
        n.birthday,
        n.birthdays,
        n.anniversary_rank,
        n.anniversary,
        n.anniversaries,
        n.new_rank,
        n.calls_as_new,
        n.risk_rank,
        n.calls_at_risk,
        n.repeat_rank,
        n.calls_to_remind,
        n.carried_rank,
        z.task_type,
        n.carried_from,
        n.first_planned_on,
        n.carried_fact
    from named as n
    inner join unnest(p_types) as y on y.rank = coalesce(n.first_rank, n.refused_rank, n.expired_rank)
    left join unnest(p_types) as z on n.carried_rank = z.rank
    cross join lateral (
        select
            case
                when n.wished_hours is null then v_usual_stretch
                when n.wished_hours <> v_whole_day
                    then trustcart_private.longest_stretch(n.wished_hours * v_staffed)
            end as stretch
    ) as h
    cross join (
        select
            array_position(array['hot', 'warm', 'cold'], v_follow_up.base_priority) as follow_up,
            array_position(array['hot', 'warm', 'cold'], v_birthday.base_priority) as birthday,
            array_position(array['hot', 'warm', 'cold'], v_anniversary.base_priority) as anniversary,
            array_position(array['hot', 'warm', 'cold'], v_new.base_priority) as new_customer,
            array_position(array['hot', 'warm', 'cold'], v_risk.base_priority) as at_risk,
            array_position(array['hot', 'warm', 'cold'], v_repeat.base_priority) as repeat_reminder
    ) as b;
end;
$$;
comment on function trustcart_private.call_candidates(
    date, trustcart.settings, trustcart.call_task_types[], date, bigint
) is
'Everybody whom a rule has for the calls of a date, a row a customer: kept, or refused and why; for which reasons, with
the facts behind them; how urgent; whose; in which language and hours. It knows what was dated before p_date (and real
calls before p_real_before, with those of a simulation from then on; null: none). Capacity is not its matter.';
