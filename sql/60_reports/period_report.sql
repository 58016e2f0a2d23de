-- requires: agent_figures, call_conversions, campaign_figures

create or replace function trustcart_private.period_report(
    p_from date, p_to date, p_previous_from date, p_previous_to date
)
returns table (section text, metric text, value numeric, previous numeric, detail text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        'Period',
        'Days',
        (p_to - p_from + 1)::numeric,
        (p_previous_to - p_previous_from + 1)::numeric,
        format('%s to %s, against %s to %s', p_from, p_to, p_previous_from, p_previous_to);

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                coalesce(sum(f.total_tasks), 0) as total_tasks,
                coalesce(sum(f.completed_tasks), 0) as completed_tasks,
                coalesce(sum(f.successful_calls), 0) as successful_calls,
                coalesce(sum(f.carried), 0) as carried,
                coalesce(sum(f.expired), 0) as expired,
                coalesce(sum(f.skipped), 0) as skipped,
                coalesce(sum(f.cancelled), 0) as cancelled,
                coalesce(sum(f.pending), 0) as pending,
                coalesce(sum(f.attempts), 0) as attempts,
                coalesce(sum(f.total_interactions), 0) as total_interactions,
                extract(epoch from sum(f.call_duration) / nullif(sum(f.timed_calls), 0)) / 60 as minutes
            from trustcart.agent_figures(x.date_from, x.date_to) as f
        ) as t
        cross join lateral (
            values
            (1, 'Call tasks', t.total_tasks),
            (2, 'Completed', t.completed_tasks),
            (3, 'Successful', t.successful_calls),
            (4, 'Completed of all, %', round(t.completed_tasks * 100.0 / nullif(t.total_tasks, 0), 2)),
            (5, 'Successful of completed, %', round(t.successful_calls * 100.0 / nullif(t.completed_tasks, 0), 2)),
            (6, 'Minutes a call', round(t.minutes, 2)),
            (7, 'Carried over', t.carried),
            (8, 'Expired', t.expired),
            (9, 'Skipped', t.skipped),
            (10, 'Cancelled', t.cancelled),
            (11, 'Still pending', t.pending),
            (12, 'Attempts to call', t.attempts),
            (13, 'Contacts of all channels', t.total_interactions)
        ) as m (position, metric, value)
    )

    select
        'Calls',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                sum(c.calls) as calls,
                sum(c.orders) as orders,
                sum(c.revenue) as revenue
            from trustcart.call_conversions(x.date_from, x.date_to) as c
        ) as t
        cross join lateral (
            values
            (1, 'Completed calls', coalesce(t.calls, 0)),
            (2, 'Orders within 7 days', coalesce(t.orders, 0)),
            (3, 'Their revenue, Tk', coalesce(t.revenue, 0)),
            (4, 'Revenue a call, Tk', round(t.revenue / nullif(t.calls, 0), 2))
        ) as m (position, metric, value)
    )

    select
        'Conversions',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                count(*) as orders,
                count(distinct o.customer_id) as customers,
                coalesce(sum(o.total_amount), 0) as revenue
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as s on o.status = s.status and s.counts
            where o.order_date between x.date_from and x.date_to
        ) as t
        cross join lateral (
            select count(*) as customers
            from trustcart.customers as c
            where c.first_order_date between x.date_from and x.date_to
        ) as c
        cross join lateral (
            select
                count(*) filter (where d.opened_on between x.date_from and x.date_to) as opened,
                count(*) filter (where v.is_closed and d.close_reason = 'order') as back,
                count(*) filter (where v.is_closed and d.recovery_successful) as won
            from trustcart.customer_dropoff_tracking as d
            cross join lateral (
                select coalesce(d.closed_on between x.date_from and x.date_to, false) as is_closed
            ) as v
        ) as e
        cross join lateral (
            values
            (1, 'Orders', t.orders),
            (2, 'Revenue, Tk', t.revenue),
            (3, 'Average order, Tk', round(t.revenue / nullif(t.orders, 0), 2)),
            (4, 'Customers who ordered', t.customers),
            (5, 'First orders', c.customers),
            (6, 'Fell silent', e.opened),
            (7, 'Came back', e.back),
            (8, 'Came back after a contact', e.won)
        ) as m (position, metric, value)
    )

    select
        'Customer behaviour',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                coalesce(sum(f.sent), 0) as sent,
                coalesce(sum(f.responded), 0) as responded,
                coalesce(sum(f.bounced), 0) as bounced,
                coalesce(sum(f.unsubscribed), 0) as unsubscribed,
                coalesce(sum(f.orders), 0) as orders,
                coalesce(sum(f.revenue), 0) as revenue
            from trustcart_private.campaign_figures(x.date_from, x.date_to) as f
        ) as t
        cross join lateral (
            values
            (1, 'Messages sent', t.sent),
            (2, 'Of these answered', t.responded),
            (3, 'Bounced', t.bounced),
            (4, 'Unsubscribed', t.unsubscribed),
            (5, 'Orders attributed', t.orders),
            (6, 'Their revenue, Tk', t.revenue)
        ) as m (position, metric, value)
    )

    select
        'Campaigns',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    -- The way from no order to the first label is in First orders; of imported customers it leads to any.
    return query
    select
        case g.attribute when 'customer_type' then 'Changes of type' else 'Changes of stage' end,
        format('%s to %s', g.from_value, coalesce(g.to_value, 'none')),
        count(*) filter (where g.business_date >= p_from)::numeric,
        count(*) filter (where g.business_date < p_from)::numeric,
        null
    from trustcart.customer_state_changes as g
    where
        (g.business_date between p_from and p_to or g.business_date between p_previous_from and p_previous_to)
        and g.cause <> 'rewind'
        and g.from_value <> 'prospect'
    group by g.attribute, g.from_value, g.to_value
    order by g.attribute desc, 3 desc, 4 desc, 2;
end;
$$;
comment on function trustcart_private.period_report(date, date, date, date) is
'What the weekly and the monthly report have in common, for a period and the one to compare it with: calls, what they
led to, how customers behaved, campaign messages and their orders, and who changed type or stage. Amounts in taka.';
