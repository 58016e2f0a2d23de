-- requires: write_customer_state, customer_type_of, lifecycle_stage_of, is_history

create or replace function trustcart_private.advance_customer_state(
    p_customer_ids bigint[],
    p_to date,
    p_settings trustcart.settings,
    p_new_order_ids bigint[] default '{}',
    p_former_orders trustcart.sales_orders[] default '{}'
)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := trustcart.business_date();
    v_aged trustcart_private.customer_figures[];
    v_ordered trustcart_private.customer_figures[];
begin
    with before as (
        select c.*
        from trustcart.customers as c
        where c.id = any(p_customer_ids) and c.state_as_of < p_to
    ),

    -- The orders as they were before the statement that asks, when one does. Those that the figures have already are not
    -- even read.
    known as (
        select
            o.customer_id,
            o.order_date,
            o.total_amount,
            o.status
        from before as b
        inner join trustcart.sales_orders as o on b.id = o.customer_id and b.state_as_of < o.order_date
        where not o.id = any(p_new_order_ids)
        union all
        select
            f.customer_id,
            f.order_date,
            f.total_amount,
            f.status
        from unnest(p_former_orders) as f
    ),

    due as (
        select
            k.customer_id,
            k.order_date,
            count(*) as order_count,
            sum(k.total_amount) as total_spend
        from known as k
        inner join before as b on k.customer_id = b.id
        inner join trustcart.order_statuses as os on k.status = os.status and os.counts
        where k.order_date > b.state_as_of and k.order_date <= p_to
        group by k.customer_id, k.order_date
    ),

    upcoming as (
        select
            k.customer_id,
            min(k.order_date) as order_date
        from known as k
        inner join trustcart.order_statuses as os on k.status = os.status and os.counts
        where k.order_date > p_to
        group by k.customer_id
    ),

    -- Stretches of days within which only time passes.
    stretches as (
        select
            s.*,
            lead(s.from_date) over (partition by s.customer_id order by s.from_date) as to_date
        from (
            select
                b.id as customer_id,
                b.state_as_of as from_date,
                'time' as cause,
                b.order_count,
                b.total_spend,
                b.first_order_date,
                b.last_order_date
            from before as b
            union all
            select
                d.customer_id,
                d.order_date,
                'order',
                (b.order_count + sum(d.order_count) over w)::integer,
                b.total_spend + sum(d.total_spend) over w,
                coalesce(b.first_order_date, first_value(d.order_date) over w),
                d.order_date
            from due as d
            inner join before as b on d.customer_id = b.id
            window w as (partition by d.customer_id order by d.order_date)
        ) as s
    ),

    -- The days on which a label may change: a stretch begins, or a threshold falls within it.
    moments as (
        select
            s.customer_id,
            s.from_date as business_date,
            s.cause,
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        union all
        select
            s.customer_id,
            s.last_order_date + t.days,
            'time',
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        cross join lateral (
            select p_settings.at_risk_from_days
            union
            select p_settings.churned_after_days + 1
            union
            select p_settings.inactive_from_days
        ) as t (days)
        where
            s.last_order_date + t.days > s.from_date
            and s.last_order_date + t.days <= p_to
            and (s.to_date is null or s.last_order_date + t.days < s.to_date)
    ),

    labelled as (
        select
            m.customer_id,
            m.business_date,
            m.cause,
            l.customer_type,
            l.lifecycle_stage,
            lag(l.customer_type) over w as from_type,
            lag(l.lifecycle_stage) over w as from_stage,
            row_number() over w as position
        from moments as m
        inner join before as b on m.customer_id = b.id
        cross join lateral (
            select
                case
                    when m.business_date = b.state_as_of then b.customer_type
                    else trustcart_private.customer_type_of(
                        m.order_count, m.total_spend, m.business_date - m.last_order_date, p_settings
                    )
                end as customer_type,
                case
                    when m.business_date = b.state_as_of then b.lifecycle_stage
                    else trustcart_private.lifecycle_stage_of(
                        m.order_count, m.business_date - m.last_order_date, p_settings
                    )
                end as lifecycle_stage
        ) as l
        window w as (partition by m.customer_id order by m.business_date)
    ),

    history as (
        insert into trustcart.customer_state_changes (
            customer_id, attribute, from_value, to_value, business_date, cause
        )
        select
            l.customer_id,
            a.attribute,
            a.from_value,
            a.to_value,
            l.business_date,
            l.cause
        from labelled as l
        cross join lateral (
            values
            ('customer_type', l.from_type, l.customer_type),
            ('lifecycle_stage', l.from_stage, l.lifecycle_stage)
        ) as a (attribute, from_value, to_value)
        where l.position > 1 and a.from_value is distinct from a.to_value
        order by l.customer_id, l.business_date, a.attribute
        returning id, customer_id, attribute, from_value, to_value, business_date, cause
    ),

    told as (
        insert into trustcart.events (event_type, customer_id, payload)
        select
            'lifecycle_stage_changed',
            h.customer_id,
            jsonb_build_object(
                'from', h.from_value, 'to', h.to_value, 'business_date', h.business_date, 'cause', h.cause
            )
        from history as h
        where h.attribute = 'lifecycle_stage' and not trustcart_private.is_history(h.business_date, v_today)
        order by h.id
    ),

    arrived as (
        select
            s.cause,
            row(
                s.customer_id,
                s.order_count,
                s.total_spend,
                s.first_order_date,
                s.last_order_date,
                u.order_date,
                l.customer_type,
                l.lifecycle_stage
            )::trustcart_private.customer_figures as figures
        from stretches as s
        inner join (
            select distinct on (x.customer_id)
                x.customer_id,
                x.customer_type,
                x.lifecycle_stage
            from labelled as x
            order by x.customer_id, x.business_date desc
        ) as l on s.customer_id = l.customer_id
        left join upcoming as u on s.customer_id = u.customer_id
        where s.to_date is null
    )

    select
        coalesce(array_agg(a.figures) filter (where a.cause = 'time'), '{}'),
        coalesce(array_agg(a.figures) filter (where a.cause = 'order'), '{}')
    into v_aged, v_ordered
    from arrived as a;

    return
        cardinality(trustcart_private.write_customer_state(v_aged, p_to, 'time'))
        + cardinality(trustcart_private.write_customer_state(v_ordered, p_to, 'order'));
end;
$$;
comment on function trustcart_private.advance_customer_state(
    bigint[], date, trustcart.settings, bigint[], trustcart.sales_orders[]
) is
'Lets the days pass for customers, whose rows the caller has locked, from their state_as_of to p_to: orders fall due,
thresholds pass, and every stage on the way is written to the history with its own date, and, unless that is long past,
to the event feed. Orders named as new are left
out and former ones put in their place, so that a statement''s own changes come after the days before it. Returns the
customers written.';
