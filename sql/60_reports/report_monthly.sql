-- requires: period_report, trustcart.agent_performance, call_conversions, customer_state, trustcart.upcoming_events
-- requires: report_span, campaign_figures

create or replace function trustcart.report_monthly(p_date date default trustcart.business_date())
returns table (section text, metric text, value numeric, previous numeric, change numeric, detail text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_from date;
    v_to date;
    v_previous_from date;
    v_previous_to date;
    v_next date;
begin
    select
        s.date_from,
        s.date_to,
        s.previous_from,
        s.previous_to,
        s.whole_to + 1
    into v_from, v_to, v_previous_from, v_previous_to, v_next
    from trustcart_private.report_span('monthly', p_date) as s;

    return query
    select
        r.section,
        r.metric,
        r.value,
        r.previous,
        r.value - r.previous,
        r.detail
    from trustcart_private.period_report(v_from, v_to, v_previous_from, v_previous_to) as r;

    return query
    select
        'Agents: successful calls',
        n.agent_name,
        n.successful_calls::numeric,
        p.successful_calls::numeric,
        (n.successful_calls - p.successful_calls)::numeric,
        concat_ws(
            ', ',
            format('%s of %s tasks completed', n.completed_tasks, n.total_tasks),
            format('%s %% of these successful', n.success_rate),
            n.avg_call_duration || ' minutes a call',
            format('%s orders worth Tk %s', c.orders, trim_scale(c.revenue))
        )
    from trustcart.agent_performance(null, v_from, v_to) as n
    inner join trustcart.agent_performance(null, v_previous_from, v_previous_to) as p on n.agent_id = p.agent_id
    inner join trustcart.call_conversions(v_from, v_to) as c on n.agent_id = c.agent_id
    inner join trustcart.users as u on n.agent_id = u.id
    where u.is_active or n.total_tasks > 0 or p.total_tasks > 0
    order by n.successful_calls desc, n.completed_tasks desc, n.agent_id;

    return query
    with states as (
        select
            d.is_now,
            coalesce(s.customer_type, 'no order yet') as customer_type,
            count(*) as customers,
            sum(s.total_spend) as revenue
        from (values (true, v_to), (false, v_from - 1)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
        group by d.is_now, s.customer_type
    )

    select
        m.section,
        t.name,
        m.value,
        m.previous,
        m.value - m.previous,
        format('on %s, against %s', v_to, v_from - 1)
    from (values (1, 'vip'), (2, 'repeat'), (3, 'new'), (4, 'inactive'), (5, 'no order yet')) as t (position, name)
    left join states as n on t.name = n.customer_type and n.is_now
    left join states as p on t.name = p.customer_type and not p.is_now
    cross join lateral (
        values
        (1, 'Segments: customers', coalesce(n.customers, 0)::numeric, coalesce(p.customers, 0)::numeric),
        (2, 'Segments: revenue, Tk', coalesce(n.revenue, 0), coalesce(p.revenue, 0))
    ) as m (position, section, value, previous)
    order by m.position, t.position;

    return query
    select
        'Campaigns: revenue, Tk',
        k.campaign_name,
        coalesce(n.revenue, 0),
        coalesce(p.revenue, 0),
        coalesce(n.revenue, 0) - coalesce(p.revenue, 0),
        format(
            '%s sent, %s answered, %s orders of %s customers',
            coalesce(n.sent, 0), coalesce(n.responded, 0), coalesce(n.orders, 0), coalesce(n.converted, 0)
        )
    from trustcart_private.campaign_figures(v_from, v_to) as n
    full join trustcart_private.campaign_figures(v_previous_from, v_previous_to) as p on n.campaign_id = p.campaign_id
    inner join trustcart.marketing_campaigns as k on coalesce(n.campaign_id, p.campaign_id) = k.id
    order by 3 desc, 4 desc, k.id;

    return query
    select
        'Recommendation rules: orders of the product',
        coalesce(r.rule_name, t.name),
        f.orders,
        f.previous,
        f.orders - f.previous,
        concat_ws(
            ', ',
            t.name,
            'for ' || r.target_customer_type,
            'who bought of ' || r.target_category,
            'with ' || trim_scale(r.discount_percentage) || ' % off'
        )
    from trustcart.product_recommendation_rules as r
    inner join trustcart.products as t on r.product_id = t.id
    cross join lateral (
        select
            count(distinct o.id) filter (where o.order_date between v_from and v_to)::numeric as orders,
            count(distinct o.id) filter (where o.order_date between v_previous_from and v_previous_to)::numeric as previous
        from trustcart.sales_order_items as i
        inner join trustcart.sales_orders as o on i.order_id = o.id
        inner join trustcart.order_statuses as s on o.status = s.status and s.counts
        where i.product_id = r.product_id and o.order_date between v_previous_from and v_to
    ) as f
    where r.is_active
    order by 3 desc, 4 desc, r.id;

    return query
    select
        'Next month',
        k.name,
        count(e.event_type)::numeric,
        null::numeric,
        null::numeric,
        format('from %s on, customers and their families', v_next)
    from (values (1, 'Birthdays', '%birthday'), (2, 'Anniversaries', '%anniversary')) as k (position, name, pattern)
    left join
        trustcart.upcoming_events((v_next + interval '1 month')::date - v_next - 1, v_next) as e
        on e.event_type like k.pattern
    group by k.position, k.name
    order by k.position;
end;
$$;
comment on function trustcart.report_monthly(date) is
'What the guide asks to review monthly ("Data Management"), for the calendar month that a date is in, against the
month before: the calls and what they led to, how customers behaved and changed, each agent, the segments, each
campaign, what the recommendation rules offer, and the events of the next month. Of the running month the days so far,
against as many of the month before. Rows are section, metric, value, previous, change and detail; amounts in taka. Orders within 7 days of a call may still come. Errors: TC001.';
