-- requires: recommended_action_of, business_date

create or replace function trustcart.call_scripts_of(
    p_task_ids bigint[], p_as_of date default trustcart.business_date()
)
returns table (task_id bigint, script jsonb)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
-- Everything is found by its key, for one task as for a list: planning it anew takes longer than reading it.
set plan_cache_mode = force_generic_plan
set jit = off
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
begin
    if (p_as_of >= '1900-01-01' and p_as_of < '2200-01-01') is not true then
        raise exception using
            errcode = 'TC001',
            message = format('%s is not a business date', coalesce(p_as_of::text, 'null')),
            hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
    end if;

    return query
    with wanted as (
        select distinct w.task_id
        from unnest(p_task_ids) as w (task_id)
    ),

    -- The days of the week to come; 29 February falls on 28 February in the years that have none.
    days as (
        select
            (extract(month from d.event_date) * 100 + extract(day from d.event_date))::smallint as month_day,
            d.event_date
        from (select p_as_of + g.n as event_date from generate_series(0, 7) as g (n)) as d
        union all
        select
            229,
            d.event_date
        from (select p_as_of + g.n as event_date from generate_series(0, 7) as g (n)) as d
        where extract(month from d.event_date) = 2 and extract(day from d.event_date) = 28
            and extract(month from d.event_date + 1) = 3
    )

    select
        t.id,
        jsonb_build_object(
            'task_id', t.id,
            'title', q.title,
            'focus', q.focus,
            'offer', q.offer,
            'dos', to_jsonb(q.dos),
            'donts', to_jsonb(q.donts),
            'recommended_action', trustcart.recommended_action_of(c.lifecycle_stage, c.customer_type),
            'reasons', t.reasons,
            'greeting', jsonb_build_object(
                'name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                'customer_type', c.customer_type,
                'lifecycle_stage', c.lifecycle_stage,
                'lifetime_value', trim_scale(c.total_spend),
                'order_count', c.order_count,
                'last_order', o.last_order,
                'days_since_last_order', p_as_of - o.order_date,
                'preferred_categories', to_jsonb(coalesce(b.preferred_categories, '{}')),
                'events', e.events,
                'last_contact', x.last_contact,
                'preferred_hours', case
                    when p.preferred_from is not null then jsonb_build_object(
                        'from', to_char(p.preferred_from, 'HH24:MI'),
                        'until', to_char(p.preferred_until, 'HH24:MI'),
                        'time_zone', coalesce(p.time_zone, s.time_zone)
                    )
                end,
                'language', p.language
            )
        )
    from wanted as w
    inner join trustcart.crm_call_tasks as t on w.task_id = t.id
    inner join trustcart.customers as c on t.customer_id = c.id
    cross join trustcart.settings as s
    left join trustcart.customer_behavior as b on c.id = b.customer_id
    left join trustcart.customer_contact_preferences as p on c.id = p.customer_id
    left join lateral (
        select r.*
        from trustcart.call_scripts as r
        where
            (r.task_type is null or r.task_type = t.task_type)
            and (r.customer_type is null or r.customer_type = c.customer_type)
        order by r.rank
        limit 1
    ) as q on true
    left join lateral (
        select
            l.order_date,
            jsonb_build_object(
                'date', l.order_date,
                'amount', trim_scale(l.total_amount),
                'items', coalesce(
                    (
                        select jsonb_agg(n.name order by n.id)
                        from (
                            select
                                coalesce(i.product_name, d.name) as name,
                                min(i.id) as id
                            from trustcart.sales_order_items as i
                            left join trustcart.products as d on i.product_id = d.id
                            where i.order_id = l.id and coalesce(i.product_name, d.name) is not null
                            group by 1
                        ) as n
                    ),
                    '[]'
                )
            ) as last_order
        from (
            select
                so.id,
                so.order_date,
                so.total_amount
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status
            where so.customer_id = c.id and so.order_date <= p_as_of and os.counts
            order by so.order_date desc, so.ordered_at desc nulls last, so.id desc
            limit 1
        ) as l
    ) as o on true
    cross join lateral (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'event_type', case when v.family_member_id is null then v.kind else 'family_' || v.kind end,
                        'name', case
                            when v.family_member_id is null then nullif(concat_ws(' ', c.first_name, c.last_name), '')
                            else f.name
                        end,
                        'relationship', f.relationship,
                        'event_date', d.event_date
                    )
                    order by d.event_date, v.family_member_id nulls first, v.kind
                ),
                '[]'
            ) as events
        from trustcart.customer_event_days as v
        inner join days as d on v.month_day = d.month_day
        left join trustcart.customer_family_members as f on v.family_member_id = f.id
        where v.customer_id = c.id and v.occurred_on <= p_as_of
    ) as e
    left join lateral (
        select
            jsonb_build_object(
                'date', (u.contacted_at at time zone s.time_zone)::date,
                'channel', u.channel,
                'outcome', u.outcome,
                'notes', u.notes
            ) as last_contact
        from (
            (
                select
                    ci.interaction_date as contacted_at,
                    ci.interaction_type as channel,
                    ci.outcome,
                    ci.details as notes,
                    1 as source
                from trustcart.customer_interactions as ci
                where
                    ci.customer_id = c.id
                    and ci.interaction_date < (p_as_of + 1)::timestamp at time zone s.time_zone
                order by ci.interaction_date desc, ci.id desc
                limit 1
            )
            union all
            (
                select
                    a.attempted_at,
                    'call',
                    a.outcome,
                    a.notes,
                    2
                from trustcart.crm_call_attempts as a
                where
                    a.customer_id = c.id
                    and a.attempted_at < (p_as_of + 1)::timestamp at time zone s.time_zone
                order by a.attempted_at desc, a.id desc
                limit 1
            )
        ) as u
        -- A completed call stands in both: the interaction goes first.
        order by u.contacted_at desc, u.source
        limit 1
    ) as x on true;
end;
$$;
comment on function trustcart.call_scripts_of(bigint[], date) is
'What the agent needs for each of a list of tasks, as call_script() gives it for one; an unknown id has no row.
TC001.';
