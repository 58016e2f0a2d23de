-- requires: check_access, user_name

create or replace function trustcart_api.page_customer_timeline(
    p_customer_id bigint,
    p_kinds text[] default null,
    p_before text default null,
    p_limit integer default 20
)
returns jsonb
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_known constant text[] := array[
        'order', 'interaction', 'call', 'engagement', 'consent', 'state', 'tier', 'dropoff'
    ];
    v_kinds text[] := coalesce(p_kinds, v_known);
    v_limit integer := coalesce(p_limit, 20);
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    -- The last row of the page before: its instant, its rank among those of the instant, its id.
    v_at timestamptz := timestamptz 'infinity';
    v_rank integer := 0;
    v_id bigint := 0;
    v_day date;
begin
    if v_limit not between 1 and 100 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of range', v_limit),
            hint = 'Give 1 to 100.',
            column = 'limit';
    elsif not v_kinds <@ v_known then
        raise exception using
            errcode = 'TC002',
            message = format('kind is one of %s', array_to_string(v_known, ', ')),
            hint = 'Leave it out for all.',
            column = 'kind';
    elsif p_before !~ '^-?[0-9]{1,16}\.[0-9]\.[0-9]{1,18}$' then
        raise exception using
            errcode = 'TC005',
            message = 'before is not a place in this list',
            hint = 'Take it from "next" of the page before.',
            column = 'before';
    end if;
    perform trustcart.check_access(p_customer_id);
    if p_before is not null then
        v_at := timestamptz 'epoch' + split_part(p_before, '.', 1)::bigint * interval '1 microsecond';
        v_rank := split_part(p_before, '.', 2)::integer;
        v_id := split_part(p_before, '.', 3)::bigint;
    end if;
    v_day := (v_at at time zone v_time_zone)::date;
    -- Each kind by its index, no further than a page; what a day is all that is known of stands at its beginning, and what
    -- an order did to the labels after the orders of the day.
    return (
        with items as (
            (
                select
                    'order' as kind,
                    coalesce(
                        case when (o.ordered_at at time zone v_time_zone)::date = o.order_date then o.ordered_at end,
                        o.order_date::timestamp at time zone v_time_zone
                    ) as at,
                    1 as rank,
                    o.id,
                    o.order_date as on_date,
                    (o.ordered_at at time zone v_time_zone)::date is distinct from o.order_date as is_day,
                    jsonb_build_object(
                        'order_number', o.order_number, 'status', o.status, 'amount', trim_scale(o.total_amount),
                        'counts', (select os.counts from trustcart.order_statuses as os where os.status = o.status)
                    ) as facts
                from trustcart.sales_orders as o
                where
                    'order' = any(v_kinds)
                    and o.customer_id = p_customer_id
                    and o.order_date <= v_day
                    and (
                        coalesce(
                            case
                                when (o.ordered_at at time zone v_time_zone)::date = o.order_date then o.ordered_at
                            end,
                            o.order_date::timestamp at time zone v_time_zone
                        ),
                        1, o.id
                    ) < (v_at, v_rank, v_id)
                order by o.order_date desc, at desc, o.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'interaction',
                    i.interaction_date,
                    2,
                    i.id,
                    (i.interaction_date at time zone v_time_zone)::date,
                    false,
                    jsonb_build_object(
                        'type', i.interaction_type, 'direction', i.direction, 'subject', i.subject,
                        'details', i.details, 'outcome', i.outcome, 'follow_up_date', i.follow_up_date,
                        'by', trustcart.user_name(i.agent_id)
                    )
                from trustcart.customer_interactions as i
                where
                    'interaction' = any(v_kinds)
                    and i.customer_id = p_customer_id
                    and i.interaction_date <= v_at
                    and (i.interaction_date, 2, i.id) < (v_at, v_rank, v_id)
                order by i.interaction_date desc, i.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'call',
                    a.attempted_at,
                    3,
                    a.id,
                    (a.attempted_at at time zone v_time_zone)::date,
                    false,
                    jsonb_build_object(
                        'outcome', a.outcome, 'notes', a.notes,
                        'due_at', to_char(a.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'by', trustcart.user_name(a.agent_id)
                    )
                from trustcart.crm_call_attempts as a
                where
                    'call' = any(v_kinds)
                    and a.customer_id = p_customer_id
                    and a.attempted_at <= v_at
                    and (a.attempted_at, 3, a.id) < (v_at, v_rank, v_id)
                    -- What a completed call came to, its interaction says.
                    and not exists (
                        select from trustcart.customer_interactions as i
                        where
                            'interaction' = any(v_kinds) and i.task_id = a.task_id
                            and i.interaction_date = a.attempted_at
                    )
                order by a.attempted_at desc, a.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'engagement',
                    e.created_at,
                    4,
                    e.id,
                    (e.created_at at time zone v_time_zone)::date,
                    false,
                    jsonb_build_object(
                        'type', e.engagement_type, 'channel', e.channel, 'content', e.content,
                        'response', e.response, 'by', trustcart.user_name(e.recorded_by)
                    )
                from trustcart.customer_engagement_history as e
                where
                    'engagement' = any(v_kinds)
                    and e.customer_id = p_customer_id
                    and e.created_at <= v_at
                    and (e.created_at, 4, e.id) < (v_at, v_rank, v_id)
                order by e.created_at desc, e.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'consent',
                    n.recorded_at,
                    5,
                    n.id,
                    (n.recorded_at at time zone v_time_zone)::date,
                    false,
                    jsonb_build_object(
                        'channel', n.channel, 'granted', n.granted, 'source', n.source,
                        'by', trustcart.user_name(n.recorded_by)
                    )
                from trustcart.customer_consents as n
                where
                    'consent' = any(v_kinds)
                    and n.customer_id = p_customer_id
                    and (n.recorded_at, 5, n.id) < (v_at, v_rank, v_id)
                order by n.recorded_at desc, n.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'state',
                    d.at,
                    6,
                    h.id,
                    h.business_date,
                    true,
                    jsonb_build_object(
                        'attribute', h.attribute, 'from', h.from_value, 'to', h.to_value, 'cause', h.cause
                    )
                from trustcart.customer_state_changes as h
                cross join lateral (
                    select
                        case
                            when h.cause = 'time' then h.business_date::timestamp at time zone v_time_zone
                            else
                                (h.business_date + 1)::timestamp at time zone v_time_zone - interval '1 microsecond'
                        end as at
                ) as d
                where
                    'state' = any(v_kinds)
                    and h.customer_id = p_customer_id
                    and h.business_date <= v_day
                    and (d.at, 6, h.id) < (v_at, v_rank, v_id)
                order by h.business_date desc, d.at desc, h.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'tier',
                    d.at,
                    7,
                    h.id,
                    h.business_date,
                    true,
                    jsonb_build_object('from', h.from_tier, 'to', h.to_tier, 'cause', h.cause)
                from trustcart.loyalty_tier_changes as h
                cross join lateral (
                    select
                        case
                            when h.cause = 'time' then h.business_date::timestamp at time zone v_time_zone
                            else
                                (h.business_date + 1)::timestamp at time zone v_time_zone - interval '1 microsecond'
                        end as at
                ) as d
                where
                    'tier' = any(v_kinds)
                    and h.customer_id = p_customer_id
                    and h.business_date <= v_day
                    and (d.at, 7, h.id) < (v_at, v_rank, v_id)
                order by h.business_date desc, d.at desc, h.id desc
                limit v_limit + 1
            )
            union all
            (
                select
                    'dropoff',
                    d.at,
                    d.rank,
                    h.id,
                    d.on_date,
                    true,
                    jsonb_build_object(
                        'change', d.change, 'last_active_date', h.last_active_date, 'risk_level', h.risk_level,
                        'reason', h.reason, 'close_reason', h.close_reason,
                        'recovery_attempted', h.recovery_attempted, 'recovery_successful', h.recovery_successful
                    )
                from trustcart.customer_dropoff_tracking as h
                cross join lateral (
                    values
                    (8, 'opened', h.opened_on, h.opened_on::timestamp at time zone v_time_zone),
                    (
                        9, 'closed', h.closed_on,
                        (h.closed_on + 1)::timestamp at time zone v_time_zone - interval '1 microsecond'
                    )
                ) as d (rank, change, on_date, at)
                where
                    'dropoff' = any(v_kinds)
                    and h.customer_id = p_customer_id
                    and (d.at, d.rank, h.id) < (v_at, v_rank, v_id)
                order by d.at desc, d.rank desc, h.id desc
                limit v_limit + 1
            )
        ),

        ranked as (
            select
                i.*,
                row_number() over (order by i.at desc, i.rank desc, i.id desc) as place
            from items as i
        )

        select
            jsonb_build_object(
                'frame', jsonb_build_object('time_zone', v_time_zone),
                'items', coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'kind', r.kind,
                            'id', r.id,
                            'date', r.on_date,
                            'at', case
                                when not r.is_day then to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                            end,
                            'facts', r.facts
                        )
                        order by r.place
                    ) filter (where r.place <= v_limit),
                    '[]'
                ),
                'next', case
                    when max(r.place) > v_limit then (
                        select (extract(epoch from l.at) * 1000000)::bigint || '.' || l.rank || '.' || l.id
                        from ranked as l
                        where l.place = v_limit
                    )
                end
            )
        from ranked as r
    );
end;
$$;
comment on function trustcart_api.page_customer_timeline(bigint, text[], text, integer) is
'What happened with a customer, newest first, as {"frame": {"time_zone"}, "items", "next"}: each item has kind, id,
date, at (UTC; null where only the day is known) and facts. Kinds are order, interaction, call (an attempt; not beside
the interaction of the same call), engagement, consent, state (customer_type and lifecycle_stage), tier and dropoff
(opened, closed); all unless p_kinds names some. next, or null at the end, is p_before of the page that follows: rows
that come in meanwhile are neither shown twice nor skipped. TC002 kind, TC003 without a customer, TC004 when there is
none, TC005 limit out of 1 to 100 or p_before that is none, TC403 not an agent''s customer.';
