-- requires: check_agent_access, user_name, to_business_date, business_date

create or replace function trustcart_api.call_tasks_today(
    p_agent_id bigint default null, p_date text default null, p_status text default 'pending'
)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_status text := coalesce(nullif(btrim(p_status), ''), 'pending');
begin
    if v_status not in ('pending', 'completed', 'skipped', 'expired', 'cancelled', 'carried', 'all') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status of call tasks', p_status),
            hint = 'Known are pending, completed, skipped, expired, cancelled, carried, and all.',
            column = 'status';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    if p_agent_id is not null and trustcart.user_name(p_agent_id) is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Take the id from trustcart.users, or leave it out for the calls of all.';
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', t.id,
                        'customer_id', t.customer_id,
                        'customer_name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                        'customer_phone', coalesce(c.phone, c.mobile),
                        'task_type', t.task_type,
                        'priority', t.priority,
                        'notes', t.notes,
                        'status', t.status,
                        'task_date', t.task_date,
                        'first_planned_on', t.first_planned_on,
                        'source', t.source,
                        'due_at', to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'call_from', to_char(t.call_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'call_until', to_char(t.call_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'outcome', t.outcome,
                        'reasons', t.reasons,
                        'assigned_agent_id', t.assigned_agent_id,
                        'agent_name', u.name,
                        'why_agent', t.why_agent,
                        'claimed_by', t.claimed_by,
                        'attempts', (
                            select count(*) from trustcart.crm_call_attempts as a where a.task_id = t.id
                        ),
                        'customer_type', c.customer_type,
                        'lifetime_value', trim_scale(c.lifetime_value),
                        'last_order_date', c.last_order_date
                    )
                    order by t.priority_rank, t.due_at, t.list_position nulls first, t.id
                ),
                '[]'
            )
        from trustcart.crm_call_tasks as t
        -- An agent's own call stays on the list when its customer is the agent's no longer.
        left join trustcart.customer_360_view as c on t.customer_id = c.customer_id
        left join trustcart.users as u on t.assigned_agent_id = u.id
        where
            t.task_date = v_date
            and (
                p_agent_id is null
                or t.assigned_agent_id = p_agent_id
                or (t.assigned_agent_id is null and t.claimed_by = p_agent_id)
            )
            and v_status in (t.status, 'all')
    );
end;
$$;
comment on function trustcart_api.call_tasks_today(bigint, text, text) is
'GET /crm-automation/call-tasks/today: the pending call tasks of an agent, with those claimed from the pool, or of
all, for today or p_date, as an array: hot, warm, cold; within one first those with an hour, then as the plan lists
them, calls that no plan placed before the others. That is the order in which claim_next_call() hands them out, but
that there an hour that has come goes before everything, and one that has not is not called yet. p_status: another
status, or all. TC001 for the date, TC002 for the status, TC004 for an unknown agent, TC403 for an
agent who asks for another one''s.';
