-- requires: customer_type_of, lifecycle_stage_of, avg_days_between_orders_of, business_date
-- requires: require_date, trustcart.upcoming_events

create or replace function trustcart.plan_daily_call_tasks(p_task_date date default trustcart.business_date())
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
    lifecycle_stage text
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog
-- How much there is to look at depends on the date: only with it at hand can the planner tell.
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_settings trustcart.settings;
    v_day_begins timestamptz;
    v_follow_up trustcart.call_task_types;
    v_birthday trustcart.call_task_types;
    v_anniversary trustcart.call_task_types;
    v_new trustcart.call_task_types;
    v_risk trustcart.call_task_types;
    v_repeat trustcart.call_task_types;
    v_calls_from date;
begin
    select s.* into v_settings from trustcart.settings as s;
    select t.* into v_follow_up from trustcart.call_task_types as t where t.task_type = 'follow_up';
    select t.* into v_birthday from trustcart.call_task_types as t where t.task_type = 'birthday';
    select t.* into v_anniversary from trustcart.call_task_types as t where t.task_type = 'anniversary';
    select t.* into v_new from trustcart.call_task_types as t where t.task_type = 'new_customer';
    select t.* into v_risk from trustcart.call_task_types as t where t.task_type = 'at_risk';
    select t.* into v_repeat from trustcart.call_task_types as t where t.task_type = 'repeat_reminder';
    -- What the plan knows ends where the day begins.
    v_day_begins := v_date::timestamp at time zone v_settings.time_zone;
    -- Calls before this day matter to no cadence but that of an episode.
    v_calls_from := v_date - greatest(
        v_new.window_days, v_repeat.window_days, v_follow_up.min_gap_days, v_birthday.min_gap_days,
        v_anniversary.min_gap_days, v_new.min_gap_days, v_risk.min_gap_days, v_risk.win_back_gap_days,
        v_repeat.min_gap_days
    );

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
            (c.last_order_date is null or c.last_order_date < v_date)
            and (c.next_order_date is null or c.next_order_date >= v_date)
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
                and so.order_date < v_date
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o
        where
            c.last_order_date >= v_date
            -- state_valid_until is never after next_order_date, and has the index.
            or (c.state_valid_until < v_date and c.next_order_date < v_date)
    ),

    states as (
        select
            f.*,
            v_date - f.last_order_date as days,
            trustcart_private.customer_type_of(
                f.order_count, f.total_spend, v_date - f.last_order_date, v_settings
            ) as customer_type,
            trustcart_private.lifecycle_stage_of(
                f.order_count, v_date - f.last_order_date, v_settings
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
            v_date - s.first_order_date <= v_new.window_days as is_new,
            case
                when s.customer_type = 'inactive' then s.last_order_date + v_settings.inactive_from_days
                when s.lifecycle_stage = 'at_risk' then s.last_order_date + v_settings.at_risk_from_days
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
            max(x.subject) as subject,
            max(x.details) as details,
            max(x.birthday) as birthday,
            jsonb_agg(x.fact order by x.birthday, x.fact) filter (
                where x.birthday is not null and not x.is_greeted
            ) as birthdays,
            max(x.anniversary) as anniversary,
            jsonb_agg(x.fact order by x.anniversary, x.fact) filter (
                where x.anniversary is not null and not x.is_greeted
            ) as anniversaries,
            max(x.manual_task_id) as manual_task_id
        from (
            select
                a.customer_id,
                a.asked_on,
                a.due_on,
                a.subject,
                a.details,
                null::date as birthday,
                null::date as anniversary,
                null::jsonb as fact,
                null::boolean as is_greeted,
                null::bigint as manual_task_id
            from trustcart_private.open_follow_ups(v_date) as a
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
                null
            from trustcart_private.events_to_greet(v_date) as e
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
                t.id
            from trustcart.crm_call_tasks as t
            where
                t.task_date = v_date
                and t.source = 'manual'
                and t.created_at < v_day_begins
                and (t.closed_at >= v_day_begins) is not false
        ) as x
        group by x.customer_id
    ),

    candidates as (
        select
            d.*,
            o.asked_on,
            o.due_on,
            o.subject,
            o.details,
            o.birthday,
            o.birthdays,
            o.anniversary,
            o.anniversaries,
            o.manual_task_id,
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
        left join lateral (
            -- The days on which the customer was called, however often on one.
            select
                max(c.called_on) as last_call,
                count(*) filter (where c.called_on >= d.first_order_date) as calls_as_new,
                count(*) filter (where c.called_on >= d.at_risk_from) as calls_at_risk,
                count(*) filter (where c.called_on > v_date - v_repeat.window_days) as calls_to_remind
            from (
                select (i.interaction_date at time zone v_settings.time_zone)::date as called_on
                from trustcart.customer_interactions as i
                where
                    i.customer_id = d.customer_id
                    and i.interaction_type = 'call'
                    and i.direction = 'outbound'
                    and i.interaction_date < v_day_begins
                    and i.interaction_date
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
                union
                select (a.attempted_at at time zone v_settings.time_zone)::date
                from trustcart.crm_call_attempts as a
                where
                    a.customer_id = d.customer_id
                    and a.attempted_at < v_day_begins
                    and a.attempted_at
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
                union
                select (t.completed_at at time zone v_settings.time_zone)::date
                from trustcart.crm_call_tasks as t
                where
                    t.customer_id = d.customer_id
                    and t.completed_at < v_day_begins
                    and t.completed_at
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
            ) as c
        ) as k on true
        where
            d.is_new or d.at_risk_from is not null or d.is_repeat
            or o.due_on is not null or o.birthday is not null or o.anniversary is not null
    ),

    -- Of each rule that has the customer: what speaks against the call. Null where nothing does.
    judged as (
        select
            c.*,
            case
                when not c.is_active then 'the customer is inactive'
                when c.manual_task_id is not null then format('has a task already: %s', c.manual_task_id)
            end as no_call,
            case
                when c.due_on is null then null
                when not (v_follow_up.is_enabled and v_follow_up.is_generated) then 'type disabled'
                when v_date - c.last_call < v_follow_up.min_gap_days then format('called on %s', c.last_call)
            end as no_follow_up,
            case
                when c.birthday is null then null
                when not (v_birthday.is_enabled and v_birthday.is_generated) then 'type disabled'
                when c.birthdays is null then 'called for it already'
                when v_date - c.last_call < v_birthday.min_gap_days then format('called on %s', c.last_call)
            end as no_birthday,
            case
                when c.anniversary is null then null
                when not (v_anniversary.is_enabled and v_anniversary.is_generated) then 'type disabled'
                when c.anniversaries is null then 'called for it already'
                when v_date - c.last_call < v_anniversary.min_gap_days then format('called on %s', c.last_call)
            end as no_anniversary,
            case
                when c.is_new is not true then null
                when not (v_new.is_enabled and v_new.is_generated) then 'type disabled'
                when c.calls_as_new >= c.max_as_new
                    then format('cadence exhausted, %s calls since the first order', c.calls_as_new)
                when v_date - c.last_call < v_new.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_new.min_gap_days)
            end as no_new,
            case
                when c.at_risk_from is null then null
                when not (v_risk.is_enabled and v_risk.is_generated) then 'type disabled'
                when c.calls_at_risk >= c.max_at_risk
                    then format('cadence exhausted, %s calls since %s', c.calls_at_risk, c.at_risk_from)
                when v_date - c.last_call < c.gap_at_risk
                    then format('called on %s, less than %s days ago', c.last_call, c.gap_at_risk)
            end as no_at_risk,
            case
                when c.is_repeat is not true then null
                when not (v_repeat.is_enabled and v_repeat.is_generated) then 'type disabled'
                when c.calls_to_remind >= c.max_to_remind
                    then format('cadence exhausted, %s calls in %s days', c.calls_to_remind, v_repeat.window_days)
                when v_date - c.last_call < v_repeat.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_repeat.min_gap_days)
            end as no_repeat
        from candidates as c
        offset 0
    ),

    ranked as (
        select
            j.*,
            case when j.due_on is not null and j.no_follow_up is null then v_follow_up.rank end as asked_rank,
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
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank
            ) as first_rank,
            -- what a customer without a call would have been called for
            least(
                case when r.no_follow_up is not null then v_follow_up.rank end,
                case when r.no_birthday is not null then v_birthday.rank end,
                case when r.no_anniversary is not null then v_anniversary.rank end,
                case when r.no_new is not null then v_new.rank end,
                case when r.no_at_risk is not null then v_risk.rank end,
                case when r.no_repeat is not null then v_repeat.rank end
            ) as refused_rank
        from ranked as r
        offset 0
    ),

    decided as (
        select
            n.*,
            n.first_rank is not null and n.no_call is null as is_kept,
            case coalesce(n.first_rank, n.refused_rank)
                when v_follow_up.rank then 'follow_up'
                when v_birthday.rank then 'birthday'
                when v_anniversary.rank then 'anniversary'
                when v_new.rank then 'new_customer'
                when v_risk.rank then 'at_risk'
                else 'repeat_reminder'
            end as task_type,
            least(
                case
                    when n.order_count >= v_settings.vip_order_count or n.total_spend >= v_settings.vip_spend then 1
                    when n.lifecycle_stage = 'at_risk' then 2
                    else 3
                end,
                case when n.asked_rank is not null then p.follow_up end,
                case when n.birthday_rank is not null then p.birthday end,
                case when n.anniversary_rank is not null then p.anniversary end,
                case when n.new_rank is not null then p.new_customer end,
                case when n.risk_rank is not null then p.at_risk end,
                case when n.repeat_rank is not null then p.repeat_reminder end
            )::smallint as priority_rank
        from named as n
        cross join (
            select
                array_position(array['hot', 'warm', 'cold'], v_follow_up.base_priority) as follow_up,
                array_position(array['hot', 'warm', 'cold'], v_birthday.base_priority) as birthday,
                array_position(array['hot', 'warm', 'cold'], v_anniversary.base_priority) as anniversary,
                array_position(array['hot', 'warm', 'cold'], v_new.base_priority) as new_customer,
                array_position(array['hot', 'warm', 'cold'], v_risk.base_priority) as at_risk,
                array_position(array['hot', 'warm', 'cold'], v_repeat.base_priority) as repeat_reminder
        ) as p
    ),

    -- Each customer's own agent calls, if active. The others' calls are dealt out, the most important first, so that
    -- the loads end as level as those of the own customers allow.
    agents as (
        select
            u.id,
            count(d.customer_id) as own_calls
        from trustcart.users as u
        left join decided as d on u.id = d.assigned_agent_id and d.is_kept
        where u.role = 'crm_agent' and u.is_active
        group by u.id
    ),

    to_deal as (
        select
            d.customer_id,
            row_number() over (order by d.priority_rank, d.total_spend desc, d.customer_id) as place
        from decided as d
        where d.is_kept and not exists (select from agents as a where a.id = d.assigned_agent_id)
    ),

    -- The level to which the calls fill up the agents: as of water poured over steps.
    levels as (
        select
            ceil(min(
                ((select count(*) from to_deal as t) + s.own_calls_below) / s.agents_below
            )) as level
        from (
            select
                sum(a.own_calls) over w as own_calls_below,
                count(*) over w as agents_below
            from agents as a
            window w as (order by a.own_calls, a.id rows unbounded preceding)
        ) as s
    ),

    seats as (
        select
            a.id as agent_id,
            row_number() over (order by g.load, a.id) as place
        from agents as a
        cross join levels as l
        cross join lateral generate_series(a.own_calls + 1, l.level::bigint) as g (load)
    ),

    kept as (
        select
            d.*,
            coalesce(own.id, s.agent_id) as agent_id,
            case
                when own.id is not null then 'the customer''s own agent'
                when s.agent_id is not null then 'the least loaded agent'
                else 'no active agent'
            end as why_agent,
            array_remove(
                array[
                    case
                        when d.asked_rank is not null then jsonb_build_object(
                            'task_type', 'follow_up', 'rank', d.asked_rank, 'asked_on', d.asked_on,
                            'due_on', d.due_on
                        )
                    end,
                    case
                        when d.birthday_rank is not null then jsonb_build_object(
                            'task_type', 'birthday', 'rank', d.birthday_rank, 'events', d.birthdays
                        )
                    end,
                    case
                        when d.anniversary_rank is not null then jsonb_build_object(
                            'task_type', 'anniversary', 'rank', d.anniversary_rank, 'events', d.anniversaries
                        )
                    end,
                    case
                        when d.new_rank is not null then jsonb_build_object(
                            'task_type', 'new_customer', 'rank', d.new_rank,
                            'first_order_date', d.first_order_date, 'calls_before', d.calls_as_new
                        )
                    end,
                    case
                        when d.risk_rank is not null then jsonb_build_object(
                            'task_type', 'at_risk', 'rank', d.risk_rank,
                            'phase', case when d.customer_type = 'inactive' then 'win_back' else 'at_risk' end,
                            'last_order_date', d.last_order_date, 'calls_before', d.calls_at_risk
                        )
                    end,
                    case
                        when d.repeat_rank is not null then jsonb_build_object(
                            'task_type', 'repeat_reminder', 'rank', d.repeat_rank,
                            'last_order_date', d.last_order_date, 'avg_days_between_orders', d.rhythm,
                            'calls_before', d.calls_to_remind
                        )
                    end
                ],
                null
            ) as facts
        from decided as d
        left join agents as own on d.assigned_agent_id = own.id
        left join to_deal as t on d.customer_id = t.customer_id
        left join seats as s on t.place = s.place
        where d.is_kept
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
            end
        ),
        k.priority_rank,
        k.why_agent,
        case when k.asked_rank is not null then coalesce(k.details, k.subject) end,
        k.order_count,
        k.total_spend,
        k.last_order_date,
        k.days,
        k.customer_type,
        k.lifecycle_stage
    from kept as k
    union all
    select
        d.customer_id,
        d.task_type,
        case d.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        '[]',
        null,
        'dropped',
        coalesce(
            d.no_call,
            concat_ws(
                '; ',
                'follow_up: ' || d.no_follow_up,
                'birthday: ' || d.no_birthday,
                'anniversary: ' || d.no_anniversary,
                'new_customer: ' || d.no_new,
                'at_risk: ' || d.no_at_risk,
                'repeat_reminder: ' || d.no_repeat
            )
        ),
        d.priority_rank,
        null,
        null,
        d.order_count,
        d.total_spend,
        d.last_order_date,
        d.days,
        d.customer_type,
        d.lifecycle_stage
    from decided as d
    where not d.is_kept;
end;
$$;
comment on function trustcart.plan_daily_call_tasks(date) is
'The call list of a date before it is written, a row a candidate (DESIGN, "Daily call generation"): task_type, priority
(priority_rank 1 hot, 2 warm, 3 cold), all reasons in rank with their facts, agent_id and why_agent, decision kept or
dropped and why. Knows orders, contacts and outcomes dated before p_task_date only, so that it is the same whenever
asked for; tasks generated for the date do not change it. Days count to p_task_date; amounts in taka. Writes nothing.
TC001 for the date.';
