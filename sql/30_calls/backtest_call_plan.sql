-- requires: call_plan, simulated_rules, drop_reason, agent_capacity, business_date, require_date

create or replace function trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb default '{}')
returns table (
    scope text,
    key text,
    calls bigint,
    customers bigint,
    dropped bigint,
    calls_observed bigint,
    calls_ordered bigint,
    share_called numeric,
    dropped_observed bigint,
    dropped_ordered bigint,
    share_dropped numeric,
    agent_days bigint,
    capacity bigint,
    avg_calls_per_agent_day numeric,
    max_calls_per_agent_day bigint
)
language plpgsql volatile parallel unsafe
security definer
rows 500
set search_path = pg_catalog, pg_temp
-- Each day has more simulated calls to look at than the day before.
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    v_simulation bigint := pg_current_xact_id()::text::bigint;
    v_rules record;
    v_settings trustcart.settings;
    v_types trustcart.call_task_types[];
    v_day date;
    v_orders_until date;
begin
    perform trustcart_private.require_date(p_from);
    perform trustcart_private.require_date(p_to);
    if p_to < p_from or p_to - p_from >= 3660 then
        raise exception using
            errcode = 'TC005',
            message = format('from %s to %s is no period to replay', p_from, p_to),
            hint = 'Give the first and the last day, at most 3660 days.';
    end if;
    v_rules := trustcart_private.simulated_rules(p_overrides);
    v_settings := v_rules.p_settings;
    v_types := v_rules.p_types;
    -- How far the orders are known: to the last one, and of today not all yet.
    select least(max(o.order_date), trustcart.business_date() - 1) into v_orders_until
    from trustcart.sales_orders as o
    where o.status in (select s.status from trustcart.order_statuses as s where s.counts);

    -- Who waited for a place when the period began, goes on waiting.
    insert into trustcart_private.simulated_candidates (simulation, customer_id, waiting_since)
    select
        v_simulation,
        l.customer_id,
        min(l.waiting_since)
    from trustcart.call_waiting_list as l
    where l.waiting_since < p_from and (l.ended_on >= p_from) is not false
    group by l.customer_id;

    for v_day in select p_from + g.n from generate_series(0, p_to - p_from) as g (n) loop
        with planned as materialized (
            select
                p.customer_id,
                p.task_type,
                p.agent_id,
                p.decision = 'kept' as is_kept,
                case when p.decision <> 'kept' then trustcart.drop_reason(p.why, p.task_type) end as reason
            from trustcart_private.call_plan(v_day, v_settings, v_types, p_from, v_simulation) as p
        ),

        made as (
            insert into trustcart_private.simulated_calls (simulation, customer_id, called_on, agent_id, task_type)
            select
                v_simulation,
                p.customer_id,
                v_day,
                p.agent_id,
                p.task_type
            from planned as p
            where p.is_kept
        ),

        counted as (
            insert into trustcart_private.simulated_drops (
                simulation, dropped_on, task_type, reason, customers, ordered
            )
            select
                v_simulation,
                v_day,
                p.task_type,
                p.reason,
                count(*),
                count(*) filter (
                    where exists (
                        select from trustcart.sales_orders as o
                        where
                            o.customer_id = p.customer_id
                            and o.order_date > v_day
                            and o.order_date <= v_day + 30
                            and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
                    )
                )
            from planned as p
            where not p.is_kept
            group by p.task_type, p.reason
        ),

        met as (
            insert into trustcart_private.simulated_candidates as c (
                simulation, customer_id, dropped_on, waiting_since
            )
            select
                v_simulation,
                p.customer_id,
                v_day,
                case when p.reason = 'no capacity' then v_day end
            from planned as p
            where not p.is_kept
            on conflict (simulation, customer_id) do update
            set
                dropped_on = coalesce(c.dropped_on, excluded.dropped_on),
                waiting_since = case
                    when excluded.waiting_since is not null then coalesce(c.waiting_since, excluded.waiting_since)
                end
            where
                c.dropped_on is null
                or (c.waiting_since is null) <> (excluded.waiting_since is null)
        )

        update trustcart_private.simulated_candidates as c
        set waiting_since = null
        where
            c.simulation = v_simulation
            and c.waiting_since is not null
            and not exists (select from planned as p where p.customer_id = c.customer_id and not p.is_kept);
    end loop;

    return query
    with calls as materialized (
        select
            c.*,
            c.called_on + 30 <= v_orders_until as is_observed,
            c.called_on + 30 <= v_orders_until and exists (
                select from trustcart.sales_orders as o
                where
                    o.customer_id = c.customer_id
                    and o.order_date > c.called_on
                    and o.order_date <= c.called_on + 30
                    and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
            ) as is_ordered
        from trustcart_private.simulated_calls as c
        where c.simulation = v_simulation
    ),

    drops as materialized (
        select
            d.*,
            d.dropped_on + 30 <= v_orders_until as is_observed
        from trustcart_private.simulated_drops as d
        where d.simulation = v_simulation
    ),

    -- The days agents were there, and what each was given.
    agent_days as materialized (
        select
            a.agent_id,
            p_from + g.n as work_date,
            a.max_calls,
            coalesce(c.calls, 0) as calls
        from generate_series(0, p_to - p_from) as g (n)
        cross join lateral trustcart_private.agent_capacity(
            p_from + g.n, p_calls_per_agent_day => v_settings.calls_per_agent_day
        ) as a
        left join (
            select
                s.agent_id,
                s.called_on,
                count(*) as calls
            from calls as s
            group by s.agent_id, s.called_on
        ) as c on a.agent_id = c.agent_id and c.called_on = p_from + g.n
        where a.absence is null
    ),

    called as (
        select
            g.scope,
            g.key,
            count(*) as calls,
            count(distinct c.customer_id) as customers,
            count(*) filter (where c.is_observed) as observed,
            count(*) filter (where c.is_ordered) as ordered
        from calls as c
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(c.called_on, 'YYYY-MM')), ('day', c.called_on::text),
            ('agent', coalesce(c.agent_id::text, 'unassigned')), ('reason', c.task_type)
        ) as g (scope, key)
        group by g.scope, g.key
        union all
        -- A customer once: by the first call.
        select
            'customer',
            'called',
            count(*),
            count(*),
            count(*) filter (where f.is_observed),
            count(*) filter (where f.is_ordered)
        from (
            select distinct on (c.customer_id)
                c.is_observed,
                c.is_ordered
            from calls as c
            order by c.customer_id, c.called_on
        ) as f
    ),

    not_called as (
        select
            g.scope,
            g.key,
            sum(d.customers)::bigint as dropped,
            coalesce(sum(d.customers) filter (where d.is_observed), 0)::bigint as observed,
            coalesce(sum(d.ordered) filter (where d.is_observed), 0)::bigint as ordered
        from drops as d
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(d.dropped_on, 'YYYY-MM')), ('day', d.dropped_on::text),
            ('reason', d.task_type), ('drop', d.reason)
        ) as g (scope, key)
        group by g.scope, g.key
        union all
        -- By the first day on which they might have been.
        select
            'customer',
            'never called',
            count(*),
            count(*) filter (where f.is_observed),
            count(*) filter (where f.is_observed and f.is_ordered)
        from (
            select
                d.dropped_on + 30 <= v_orders_until as is_observed,
                exists (
                    select from trustcart.sales_orders as o
                    where
                        o.customer_id = d.customer_id
                        and o.order_date > d.dropped_on
                        and o.order_date <= d.dropped_on + 30
                        and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
                ) as is_ordered
            from trustcart_private.simulated_candidates as d
            where
                d.simulation = v_simulation
                and d.dropped_on is not null
                and not exists (select from calls as c where c.customer_id = d.customer_id)
        ) as f
    ),

    worked as (
        select
            g.scope,
            g.key,
            count(*) as agent_days,
            sum(a.max_calls)::bigint as capacity,
            round(avg(a.calls), 2) as avg_calls,
            max(a.calls) as max_calls
        from agent_days as a
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(a.work_date, 'YYYY-MM')), ('day', a.work_date::text),
            ('agent', a.agent_id::text)
        ) as g (scope, key)
        group by g.scope, g.key
    ),

    -- What there is a row of, whether or not anything happened.
    rows_there as (
        select
            'total' as scope,
            'total' as key
        union
        select
            'day',
            (p_from + g.n)::text
        from generate_series(0, p_to - p_from) as g (n)
        union
        select
            'month',
            to_char(p_from + g.n, 'YYYY-MM')
        from generate_series(0, p_to - p_from) as g (n)
        union
        select c.scope, c.key from called as c
        union
        select n.scope, n.key from not_called as n
        union
        select w.scope, w.key from worked as w
    )

    select
        r.scope,
        r.key,
        coalesce(c.calls, 0),
        coalesce(c.customers, 0),
        coalesce(n.dropped, 0),
        coalesce(c.observed, 0),
        coalesce(c.ordered, 0),
        round(c.ordered * 100.0 / nullif(c.observed, 0), 2),
        coalesce(n.observed, 0),
        coalesce(n.ordered, 0),
        round(n.ordered * 100.0 / nullif(n.observed, 0), 2),
        w.agent_days,
        w.capacity,
        w.avg_calls,
        w.max_calls
    from rows_there as r
    left join called as c on r.scope = c.scope and r.key = c.key
    left join not_called as n on r.scope = n.scope and r.key = n.key
    left join worked as w on r.scope = w.scope and r.key = w.key
    order by
        array_position(array['total', 'customer', 'month', 'day', 'agent', 'reason', 'drop'], r.scope),
        case when r.scope = 'agent' and r.key <> 'unassigned' then r.key::bigint end,
        case when r.scope = 'drop' then -n.dropped end,
        r.key;

    delete from trustcart_private.simulated_calls as c where c.simulation = v_simulation;
    delete from trustcart_private.simulated_drops as d where d.simulation = v_simulation;
    delete from trustcart_private.simulated_candidates as c where c.simulation = v_simulation;
end;
$$;
comment on function trustcart.backtest_call_plan(date, date, jsonb) is
'Replays a period day by day under changed settings: the plan of each day is made from what was known then, contacts
before p_from, and its kept calls taken as made. p_overrides {"settings": {"calls_per_agent_day": 50},
"call_task_types": {"at_risk": {"max_calls": 3}}}. A row a scope and key: total; customer (called, never called: each
once, by the first call, else the first day dropped); month; day; agent (id, or unassigned); reason (task_type); drop
(drop_reason()). calls, and customers called; dropped: days on which a candidate was not called, a customer on several
days counts on each. *_observed: of them, those whose 30 following days lie before today and not after the last order;
*_ordered: of these, followed by a counted order on one of the 30 days after; share_called and share_dropped: the same in
percent, null of none. agent_days: days on which agents worked, capacity: calls they could have been given,
avg_ and max_calls_per_agent_day. Agents, their hours, consents and preferences are the real ones; no call is carried
over. Writes nothing that stays. TC001 dates, TC002, TC005, TC203 overrides, TC005 p_to before p_from or 3660 days after.';
