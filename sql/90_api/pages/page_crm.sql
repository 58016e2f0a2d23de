-- requires: page_frame, is_restricted, own_agent_ids, campaign_status, business_date, is_successful_call

create or replace function trustcart_api.page_crm()
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
-- Who asks, one agent or the whole shop, chooses the index.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_agents constant integer := 12;
    c_campaigns constant integer := 8;
    c_engagements constant integer := 8;
    -- Of so many of the latest those are taken whom an agent may see, before the agent's customers are gone through.
    c_looked_at constant integer := 2000;
    -- What lies about from earlier days is counted up to here.
    c_countable constant integer := 1000;
    v_frame jsonb := trustcart_api.page_frame();
    v_today date := trustcart.business_date();
    -- Null: everybody's.
    v_own bigint[] := case when trustcart_private.is_restricted() then trustcart_private.own_agent_ids() end;
    v_tasks jsonb;
    v_pending jsonb;
    v_left_over integer;
    v_agents jsonb;
    v_campaigns jsonb;
    v_engagements jsonb;
    v_engagement_ids bigint[];
begin
    with tasks as materialized (
        select
            t.assigned_agent_id,
            t.status,
            t.priority_rank,
            count(*) as tasks,
            count(*) filter (where trustcart.is_successful_call(t.status, t.successful)) as successful
        from trustcart.crm_call_tasks as t
        where
            t.task_date = v_today
            and (v_own is null or t.assigned_agent_id = any(v_own) or t.claimed_by = any(v_own))
        group by t.assigned_agent_id, t.status, t.priority_rank
    ),

    of_agents as materialized (
        select
            u.id,
            u.name,
            coalesce(x.total_tasks, 0) as total_tasks,
            coalesce(x.completed_tasks, 0) as completed_tasks,
            coalesce(x.successful_calls, 0) as successful_calls,
            coalesce(x.pending, 0) as pending,
            row_number() over (
                order by
                    coalesce(x.successful_calls, 0) desc, coalesce(x.completed_tasks, 0) desc,
                    coalesce(x.total_tasks, 0) desc, u.id
            ) as place
        from trustcart.users as u
        left join (
            select
                t.assigned_agent_id,
                sum(t.tasks) as total_tasks,
                sum(t.tasks) filter (where t.status = 'completed') as completed_tasks,
                sum(t.successful) as successful_calls,
                sum(t.tasks) filter (where t.status = 'pending') as pending
            from tasks as t
            group by t.assigned_agent_id
        ) as x on u.id = x.assigned_agent_id
        where
            u.role = 'crm_agent'
            and (u.is_active or x.total_tasks > 0)
            and (v_own is null or u.id = any(v_own))
    )

    select
        (
            select jsonb_agg(
                jsonb_build_object('status', s.status, 'tasks', coalesce(n.tasks, 0)) order by s.position
            )
            from (
                values
                (1, 'pending'), (2, 'completed'), (3, 'skipped'), (4, 'carried'), (5, 'expired'), (6, 'cancelled')
            ) as s (position, status)
            left join (
                select
                    t.status,
                    sum(t.tasks) as tasks
                from tasks as t
                group by t.status
            ) as n on s.status = n.status
        ),
        (
            select jsonb_agg(
                jsonb_build_object(
                    'priority', p.priority,
                    'tasks',
                    coalesce(
                        (
                            select sum(t.tasks) from tasks as t
                            where t.status = 'pending' and t.priority_rank = p.priority_rank
                        ),
                        0
                    )
                )
                order by p.priority_rank
            )
            from (values (1, 'hot'), (2, 'warm'), (3, 'cold')) as p (priority_rank, priority)
        ),
        (
            select jsonb_build_object(
                'items',
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'agent_id', a.id,
                            'agent_name', a.name,
                            'total_tasks', a.total_tasks,
                            'completed_tasks', a.completed_tasks,
                            'successful_calls', a.successful_calls,
                            'pending', a.pending,
                            'completion_rate', round(a.completed_tasks * 100.0 / nullif(a.total_tasks, 0), 2),
                            'success_rate', round(a.successful_calls * 100.0 / nullif(a.completed_tasks, 0), 2)
                        )
                        order by a.place
                    ) filter (where a.place <= c_agents),
                    '[]'
                ),
                'more', greatest(count(*) - c_agents, 0)
            )
            from of_agents as a
        )
    into v_tasks, v_pending, v_agents;

    select count(*) into v_left_over
    from (
        select
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending'
            and t.task_date < v_today
            and (v_own is null or t.assigned_agent_id = any(v_own) or t.claimed_by = any(v_own))
        limit c_countable
    ) as x;

    select
        jsonb_build_object(
            'items',
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', m.id,
                        'campaign_name', m.campaign_name,
                        'campaign_type', m.campaign_type,
                        'target_segment', m.target_segment,
                        'trigger_event', m.trigger_event,
                        'start_date', m.start_date,
                        'end_date', m.end_date,
                        'sent_count', m.sent_count,
                        'response_count', m.response_count,
                        'response_rate', round(m.response_count * 100.0 / nullif(m.sent_count, 0), 2)
                    )
                    order by m.id desc
                ) filter (where m.place <= c_campaigns),
                '[]'
            ),
            'more', greatest(count(*) - c_campaigns, 0)
        )
    into v_campaigns
    from (
        select
            k.*,
            row_number() over (order by k.id desc) as place
        from trustcart.marketing_campaigns as k
        where trustcart_private.campaign_status(k.is_active, k.start_date, k.end_date, v_today) = 'active'
    ) as m;

    v_engagement_ids := array(
        select h.id
        from (
            select
                g.id,
                g.customer_id
            from trustcart.customer_engagement_history as g
            order by g.created_at desc, g.id desc
            limit c_looked_at
        ) as h
        cross join lateral (
            select
            where v_own is null
            union all
            select
            from trustcart_private.customers_of_caller as v
            where v_own is not null and v.customer_id = h.customer_id
            limit 1
        ) as v
        limit c_engagements
    );
    if v_own is not null and cardinality(v_engagement_ids) < c_engagements then
        v_engagement_ids := array(
            select h.id
            from (
                select distinct v.customer_id
                from trustcart_private.customers_of_caller as v
            ) as v
            cross join lateral (
                select
                    g.id,
                    g.created_at
                from trustcart.customer_engagement_history as g
                where g.customer_id = v.customer_id
                order by g.created_at desc, g.id desc
                limit c_engagements
            ) as h
            order by h.created_at desc, h.id desc
            limit c_engagements
        );
    end if;
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'id', e.id,
                    'customer_id', e.customer_id,
                    'customer_name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                    'engagement_type', e.engagement_type,
                    'channel', e.channel,
                    'content', left(e.content, 160),
                    'response', e.response,
                    'recorded_by', u.name,
                    'created_at', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                )
                order by e.created_at desc, e.id desc
            ),
            '[]'
        )
    into v_engagements
    from trustcart.customer_engagement_history as e
    inner join trustcart.customers as c on e.customer_id = c.id
    left join trustcart.users as u on e.recorded_by = u.id
    where e.id = any(v_engagement_ids);

    return jsonb_build_object(
        'frame', v_frame,
        'day', v_today,
        'holiday', (select h.name from trustcart.shop_holidays as h where h.holiday_on = v_today),
        'scope', case
            when v_own is null then 'shop' when (v_frame ->> 'is_leader')::boolean then 'team' else 'own'
        end,
        'tasks', jsonb_build_object(
            'total', (select sum((x ->> 'tasks')::integer) from jsonb_array_elements(v_tasks) as x),
            'by_status', v_tasks
        ),
        'pending', jsonb_build_object(
            'by_priority', v_pending,
            'left_over', v_left_over,
            'left_over_is_more', v_left_over = c_countable
        ),
        'agents', v_agents,
        'campaigns', v_campaigns,
        'engagements', v_engagements
    );
end;
$$;
comment on function trustcart_api.page_crm() is
'GET /admin/crm: what the CRM dashboard shows (guide: "CRM Dashboard"), an object: frame; day: today, and holiday where
it is one; scope: shop, team or own; tasks of today, total and by_status; pending ones of today by_priority, hot first,
and how many are left_over from earlier days (up to 1000: left_over_is_more); agents: the twelve most successful today,
with rates in percent, null of none, and how many more there are; campaigns: the eight latest that are active, rates of
sent, and how many more; engagements: the eight latest. Agents see what is theirs, leaders the team''s: calls assigned
to or claimed by them, engagements of the customers whom they may see; campaigns are the shop''s. TC402 when nobody is
signed in.';
