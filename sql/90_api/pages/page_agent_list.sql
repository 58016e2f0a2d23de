-- requires: check_agent_access, to_business_date, business_date, trustcart.agent_performance, call_in_hand, user_name
-- requires: page_frame, is_successful_call, last_outcome_at

create or replace function trustcart_api.page_agent_list(p_agent_id bigint default null, p_date text default null)
returns jsonb
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most constant integer := 200;
    v_today date := trustcart.business_date();
    v_date date := coalesce(trustcart.to_business_date(p_date), v_today);
    v_settings trustcart.settings;
    v_in_hand bigint := trustcart.call_in_hand(p_agent_id);
    v_tasks jsonb;
    v_counts jsonb;
    v_figures jsonb;
begin
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agentId is required',
            hint = 'Say whose calls to show.',
            column = 'agentId';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    select s.* into v_settings from trustcart.settings as s;

    -- First, for it knows who is an agent.
    select jsonb_object_agg(f.period, f.figures)
    into v_figures
    from (
        select
            p.period,
            (
                select
                    jsonb_build_object(
                        'total_tasks', a.total_tasks,
                        'completed_tasks', a.completed_tasks,
                        'successful_calls', a.successful_calls,
                        'completion_rate', trim_scale(a.completion_rate),
                        'success_rate', trim_scale(a.success_rate),
                        'avg_call_duration', trim_scale(a.avg_call_duration),
                        'attempts', a.attempts,
                        'skipped', a.skipped
                    )
                from trustcart.agent_performance(p_agent_id, p.from_date, v_date) as a
            ) as figures
        from (values ('day', v_date), ('month', date_trunc('month', v_date::timestamp)::date)) as p (period, from_date)
    ) as f;

    with calls as (
        select
            t.*,
            t.status = 'pending' and t.due_at is not null as is_promised,
            trustcart.last_outcome_at(t.status, t.closed_at, t.before_outcome) as outcome_at
        from trustcart.crm_call_tasks as t
        where t.assigned_agent_id = p_agent_id and t.task_date = v_date
        union all
        select
            t.*,
            t.due_at is not null,
            trustcart.last_outcome_at(t.status, t.closed_at, t.before_outcome)
        from trustcart.crm_call_tasks as t
        where
            t.assigned_agent_id is null and t.claimed_by = p_agent_id and t.task_date = v_date
            and t.status = 'pending'
    ),

    placed as (
        select
            c.*,
            case
                when c.status <> 'pending' then 'settled'
                when c.due_at is not null then 'promised'
                else 'open'
            end as part,
            row_number() over (
                partition by c.status <> 'pending', c.is_promised
                order by
                    c.closed_at desc,
                    case when c.is_promised then c.due_at end,
                    c.priority_rank,
                    c.list_position nulls first,
                    c.id
            ) as place
        from calls as c
        where c.status in ('pending', 'completed', 'skipped')
    ),

    shown as (
        select
            p.part,
            p.place,
            jsonb_build_object(
                'id', p.id,
                'customer_id', case when u.id is not null then p.customer_id end,
                'name', nullif(concat_ws(' ', u.first_name, u.last_name), ''),
                'customer_type', u.customer_type,
                'task_type', p.task_type,
                'priority', p.priority,
                'status', p.status,
                'outcome', p.outcome,
                'close_reason', p.close_reason,
                'due_at', to_char(p.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'is_due', p.due_at <= now(),
                'call_from', case
                    when p.call_from > now()
                        then to_char(p.call_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                end,
                'is_over', coalesce(p.call_until <= now(), false),
                'closed_at', to_char(p.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'first_planned_on', p.first_planned_on,
                'attempts', (
                    select count(*) from trustcart.crm_call_attempts as a where a.task_id = p.id
                ),
                'is_in_hand', p.id = v_in_hand,
                'is_begun', p.started_at is not null,
                'can_undo', coalesce(p.outcome_at + v_settings.undo_within >= now(), false)
            ) as task
        from placed as p
        left join trustcart.customers as u on p.customer_id = u.id
        where p.place <= c_most
    )

    select
        (
            select
                jsonb_build_object(
                    'pending', count(*) filter (where c.status = 'pending'),
                    'hot', count(*) filter (where c.status = 'pending' and c.priority = 'hot'),
                    'warm', count(*) filter (where c.status = 'pending' and c.priority = 'warm'),
                    'cold', count(*) filter (where c.status = 'pending' and c.priority = 'cold'),
                    'completed', count(*) filter (where c.status = 'completed'),
                    'skipped', count(*) filter (where c.status = 'skipped'),
                    'successful', count(*) filter (where trustcart.is_successful_call(c.status, c.successful)),
                    'promised', count(*) filter (where c.is_promised),
                    -- What claim_next_call() passes over for now, and until when.
                    'waiting', count(*) filter (
                        where c.status = 'pending' and (c.due_at > now() or c.call_from > now())
                    ),
                    'next_at', to_char(
                        min(greatest(c.due_at, c.call_from)) filter (
                            where c.status = 'pending' and (c.due_at > now() or c.call_from > now())
                        ) at time zone 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                    ),
                    'last_outcome_id', (array_agg(c.id order by c.outcome_at desc) filter (
                        where c.outcome_at + v_settings.undo_within >= now()
                    ))[1]
                )
            from calls as c
        ),
        (
            select
                jsonb_build_object(
                    'promised', coalesce(
                        jsonb_agg(s.task order by s.place) filter (where s.part = 'promised'), '[]'
                    ),
                    'open', coalesce(jsonb_agg(s.task order by s.place) filter (where s.part = 'open'), '[]'),
                    'settled', coalesce(jsonb_agg(s.task order by s.place) filter (where s.part = 'settled'), '[]')
                )
            from shown as s
        )
    into v_counts, v_tasks;

    return v_tasks || jsonb_build_object(
        'frame', trustcart_api.page_frame(),
        'agent', jsonb_build_object(
            'id', p_agent_id,
            'name', trustcart.user_name(p_agent_id),
            'is_self', p_agent_id is not distinct from trustcart.current_user_id()
        ),
        'list_date', v_date,
        'is_today', v_date = v_today,
        'counts', v_counts,
        'in_hand_id', v_in_hand,
        'figures', v_figures
    );
end;
$$;
comment on function trustcart_api.page_agent_list(bigint, text) is
'An agent''s list of a day (default: today), which the agent dashboard shows and renews by itself: promised (at an hour,
in its order), open (hot, warm, cold, as the plan lists them) and settled (the latest first) are arrays of calls, of each
the first 200; counts of all of them, with next_at, when those that wait for their hour go on, and last_outcome_id, the
call whose outcome can be undone; in_hand_id; figures of the day and of the month so far, by the guide''s rates; agent,
list_date, is_today, frame. TC001 date, TC003 without an agent, TC004 no such agent, TC403 another one''s.';
