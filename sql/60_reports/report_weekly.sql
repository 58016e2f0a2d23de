-- requires: period_report, report_span, customer_state

create or replace function trustcart.report_weekly(p_date date default trustcart.business_date())
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
begin
    select
        s.date_from,
        s.date_to,
        s.previous_from,
        s.previous_to
    into v_from, v_to, v_previous_from, v_previous_to
    from trustcart_private.report_span('weekly', p_date) as s;

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
    with states as (
        select
            d.is_now,
            s.priority_level
        from (values (true, v_to), (false, v_from - 1)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
    )

    select
        'Temperatures',
        t.name,
        count(*) filter (where s.is_now)::numeric,
        count(*) filter (where not s.is_now)::numeric,
        (count(*) filter (where s.is_now) - count(*) filter (where not s.is_now))::numeric,
        format('on %s, against %s', v_to, v_from - 1)
    from (values (1, 'hot'), (2, 'warm'), (3, 'cold')) as t (position, name)
    left join states as s on t.name = s.priority_level
    group by t.position, t.name
    order by t.position;

    return query
    with at_risk as (
        select
            d.is_now,
            s.customer_id,
            s.customer_type,
            s.total_spend,
            s.last_order_date
        from (values (true, v_to), (false, v_previous_to)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
        where s.lifecycle_stage = 'at_risk'
    ),

    newly as (
        select a.*
        from at_risk as a
        where
            not exists (
                select
                from trustcart.customer_state(v_from - 1) as b
                where b.customer_id = a.customer_id and b.lifecycle_stage = 'at_risk'
            )
            and a.is_now
        union all
        select a.*
        from at_risk as a
        where
            not exists (
                select
                from trustcart.customer_state(v_from - 8) as b
                where b.customer_id = a.customer_id and b.lifecycle_stage = 'at_risk'
            )
            and not a.is_now
    ),

    listed as (
        select
            n.*,
            row_number() over (order by n.total_spend desc, n.customer_id) as position
        from newly as n
        where n.is_now
    )

    select
        'Newly at risk',
        x.metric,
        x.value,
        x.previous,
        x.value - x.previous,
        x.detail
    from (
        select
            0 as position,
            'Customers' as metric,
            count(*) filter (where n.is_now)::numeric as value,
            count(*) filter (where not n.is_now)::numeric as previous,
            case
                when bool_or(n.is_now) then 'the most valuable of them, with what they spent, in Tk:'
            end as detail
        from newly as n
        union all
        select
            l.position,
            coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), 'customer ' || c.id),
            l.total_spend,
            null,
            concat_ws(
                ', ', 'customer ' || c.id, l.customer_type, 'last order ' || l.last_order_date,
                trustcart.shown_phone(coalesce(c.phone_e164, c.phone, c.mobile))
            )
        from listed as l
        inner join trustcart.customers as c on l.customer_id = c.id
        where l.position <= 20
    ) as x
    order by x.position;
end;
$$;
comment on function trustcart.report_weekly(date) is
'What the guide asks to review weekly ("Data Management"), for the week, Monday to Sunday, that a date is in, against
the week before: the calls and what they led to, how customers behaved and changed, campaigns, temperatures, and who is
newly at risk. Of the running week the days so far, against as many of the week before. Rows are section, metric, value,
previous, change and detail; amounts in taka. Orders within 7 days of a call may still come. Errors: TC001.';
