-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, risk_level_of, dropoff_levels
-- requires: recommended_action_of, call_priority_of

create or replace function trustcart_private.label_spans(p_customer_id bigint, p_as_of date)
returns table (attribute text, value text, since date, until date, next_value text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_settings trustcart.settings;
begin
    select s.* into v_settings from trustcart.settings as s;
    return query
    with ordered as (
        select
            o.order_date,
            count(*) as orders,
            sum(o.total_amount) as spend
        from trustcart.sales_orders as o
        where
            o.customer_id = p_customer_id
            and o.status in (select os.status from trustcart.order_statuses as os where os.counts)
        group by o.order_date
    ),

    -- Stretches of days within which only time passes; the first lies before any order.
    stretches as (
        select
            date '-infinity' as from_date,
            (select min(d.order_date) from ordered as d) as to_date,
            0 as order_count,
            0::numeric as total_spend,
            null::date as last_order_date
        union all
        select
            d.order_date,
            lead(d.order_date) over w,
            (sum(d.orders) over w)::integer,
            sum(d.spend) over w,
            d.order_date
        from ordered as d
        window w as (order by d.order_date)
    ),

    -- A label can change on no other days than these: which of them do, the classification says.
    thresholds as (
        select distinct h.days + n.later as days
        from (
            values
            (v_settings.hot_within_days), (v_settings.warm_within_days), (v_settings.at_risk_from_days),
            (v_settings.churned_after_days), (v_settings.inactive_from_days)
            union all
            select l.after_days
            from trustcart_private.dropoff_levels(v_settings) as l
        ) as h (days)
        cross join (values (0), (1)) as n (later)
        where h.days + n.later > 0
    ),

    moments as (
        select
            s.from_date as day,
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        union all
        select
            s.last_order_date + t.days,
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        cross join thresholds as t
        where s.last_order_date + t.days < coalesce(s.to_date, 'infinity')
    ),

    labels as (
        select
            m.day,
            l.customer_type,
            l.lifecycle_stage,
            trustcart_private.priority_level_of(m.day - m.last_order_date, v_settings) as priority_level,
            trustcart_private.risk_level_of(m.day - m.last_order_date, v_settings) as risk_level,
            (
                select t.tier
                from trustcart.loyalty_tiers as t
                where t.min_spend <= m.total_spend
                order by t.min_spend desc
                limit 1
            ) as loyalty_tier,
            trustcart_private.call_priority_of(l.lifecycle_stage, l.customer_type) as call_priority,
            trustcart.recommended_action_of(l.lifecycle_stage, l.customer_type) as recommended_action
        from moments as m
        cross join lateral (
            select
                trustcart_private.customer_type_of(
                    m.order_count, m.total_spend, m.day - m.last_order_date, v_settings
                ) as customer_type,
                trustcart_private.lifecycle_stage_of(
                    m.order_count, m.day - m.last_order_date, v_settings
                ) as lifecycle_stage
        ) as l
    ),

    followed as (
        select
            a.attribute,
            a.value,
            l.day,
            row_number() over w = 1 or a.value is distinct from lag(a.value) over w as is_change
        from labels as l
        cross join lateral (
            values
            ('customer_type', l.customer_type),
            ('lifecycle_stage', l.lifecycle_stage),
            ('priority_level', l.priority_level),
            ('risk_level', l.risk_level),
            ('loyalty_tier', l.loyalty_tier),
            ('call_priority', l.call_priority),
            ('recommended_action', l.recommended_action)
        ) as a (attribute, value)
        window w as (partition by a.attribute order by l.day)
    ),

    spans as (
        select
            f.attribute,
            f.value,
            f.day,
            lead(f.day) over w as until,
            lead(f.value) over w as next_value
        from followed as f
        where f.is_change
        window w as (partition by f.attribute order by f.day)
    )

    select
        s.attribute,
        s.value,
        nullif(s.day, '-infinity'),
        s.until,
        s.next_value
    from spans as s
    where s.day <= p_as_of and (s.until > p_as_of) is not false;
end;
$$;
comment on function trustcart_private.label_spans(bigint, date) is
'What a customer is called as of a date, a row an attribute (customer_type, lifecycle_stage, priority_level,
risk_level, loyalty_tier, call_priority, recommended_action), and the days it holds: since its first, null from the
beginning, until the first on which it is another, next_value, null when none is in sight. Counted from all orders on
record, with the thresholds and tiers of now; orders of future dates end a span when they are due.';
