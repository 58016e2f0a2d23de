-- requires: begin_request, require_agent, require_date, next_working_day, agent_capacity, agent_for_call,
-- requires: business_date, agent_suits, carry_call_tasks

create or replace function trustcart.reschedule_call_tasks(
    p_agent_id bigint default null,
    p_to date default null,
    p_priorities text[] default '{hot}',
    p_task_date date default trustcart.business_date(),
    p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'reschedule_call_tasks', jsonb_build_array(p_agent_id, p_to, p_priorities, p_task_date)
    );
    v_today date := trustcart.business_date();
    v_from date := trustcart_private.require_date(p_task_date);
    v_to date;
    v_unknown text;
    v_ids bigint[];
    v_rooms jsonb;
    v_fitting bigint[] := array[]::bigint[];
    v_agent_ids bigint[] := array[]::bigint[];
    v_left record;
    v_agent_id bigint;
    v_rescheduled integer;
    v_report jsonb;
begin
    if v_earlier.request_id is not null then
        return v_earlier.result;
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;
    if coalesce(cardinality(p_priorities), 0) = 0 then
        raise exception using
            errcode = 'TC003',
            message = 'priorities are required',
            hint = 'Say which calls to put off: hot, warm, cold.';
    end if;
    select p.priority into v_unknown
    from unnest(p_priorities) as p (priority)
    where (p.priority in ('hot', 'warm', 'cold')) is not true
    limit 1;
    if found then
        raise exception using
            errcode = 'TC002',
            message = format('%s is not a priority', coalesce(quote_literal(v_unknown), 'null')),
            hint = 'Known are hot, warm, cold.';
    end if;
    v_to := trustcart_private.require_date(
        coalesce(p_to, trustcart_private.next_working_day(greatest(v_from, v_today)))
    );
    if v_to <= v_from or v_to < v_today then
        raise exception using
            errcode = 'TC204',
            message = format('calls of %s cannot be put off to %s', v_from, v_to),
            hint = 'Give a date after theirs, today or later; without one it is the next working day.';
    end if;

    -- Customers, then tasks, then days: the order of everybody else.
    perform trustcart_private.lock_customers(array(
        select t.customer_id
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
    ));
    select array_agg(l.id order by l.priority_rank, l.list_position nulls first, l.id) into v_ids
    from (
        select
            t.id,
            t.priority_rank,
            t.list_position
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
        order by t.id
        for no key update
    ) as l;

    -- Of a customer with several calls the first goes; none does where one is planned for that day already.
    select array_agg(o.id order by o.place) into v_ids
    from (
        select distinct on (t.customer_id)
            t.id,
            t.customer_id,
            i.place
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        order by t.customer_id, i.place
    ) as o
    where not exists (
        select
        from trustcart.crm_call_tasks as p
        where p.customer_id = o.customer_id and p.task_date = v_to and p.status = 'pending'
    );

    -- One after the other, as the list has them: to the customer's own agent, else whoever had the call keeps it.
    select jsonb_object_agg(c.agent_id, c.max_calls - coalesce(d.calls, 0)) into v_rooms
    from trustcart_private.agent_capacity(v_to) as c
    left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = v_to;
    for v_left in
        select
            t.id,
            t.assigned_agent_id as agent_id,
            case
                when c.assigned_agent_id = t.assigned_agent_id then null
                when trustcart_private.agent_suits(c.assigned_agent_id, p.language, y.required_skill)
                    then c.assigned_agent_id
            end as own_agent_id
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        inner join trustcart.customers as c on t.customer_id = c.id
        inner join trustcart.call_task_types as y on t.task_type = y.task_type
        left join trustcart.customer_contact_preferences as p on t.customer_id = p.customer_id
        order by i.place
    loop
        v_agent_id := case
            when (v_rooms ->> v_left.own_agent_id::text)::integer > 0 then v_left.own_agent_id
            when (v_rooms ->> v_left.agent_id::text)::integer > 0 then v_left.agent_id
        end;
        -- Those of the pool stay in it, where no agent of their customer's has room.
        continue when v_agent_id is null and v_left.agent_id is not null;
        v_fitting := v_fitting || v_left.id;
        v_agent_ids := v_agent_ids || v_agent_id;
        if v_agent_id is not null then
            v_rooms := jsonb_set(
                v_rooms, array[v_agent_id::text], to_jsonb((v_rooms ->> v_agent_id::text)::integer - 1)
            );
        end if;
    end loop;
    perform trustcart_private.carry_call_tasks(v_fitting, v_to, v_agent_ids);
    v_rescheduled := cardinality(v_fitting);

    -- For the rest somebody else is looked for, one by one: each takes a place.
    for v_left in
        select
            t.id,
            t.customer_id,
            y.required_skill
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        inner join trustcart.call_task_types as y on t.task_type = y.task_type
        where i.task_id <> all(v_fitting)
        order by i.place
    loop
        v_agent_id := trustcart_private.agent_for_call(v_left.customer_id, v_to, v_left.required_skill);
        if v_agent_id is not null then
            perform trustcart_private.carry_call_tasks(array[v_left.id], v_to, array[v_agent_id]);
            v_rescheduled := v_rescheduled + 1;
        end if;
    end loop;

    select
        jsonb_build_object(
            'rescheduled', v_rescheduled,
            'to', v_to,
            'not_fitting', count(*) filter (where not l.is_planned),
            'already_planned', count(*) filter (where l.is_planned)
        )
    into v_report
    from (
        select exists (
            select
            from trustcart.crm_call_tasks as p
            where p.customer_id = t.customer_id and p.task_date = v_to and p.status = 'pending'
        ) as is_planned
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
    ) as l;
    update trustcart_private.call_requests as r set result = v_report where r.request_id = p_request_id;
    return v_report;
end;
$$;
comment on function trustcart.reschedule_call_tasks(bigint, date, text[], date, text) is
'Puts the calls of a day that nobody has begun off to a later one (p_to, else the next working day): those of an
agent, or of all, of the priorities given. Each is closed as carried and followed by a task of that day, for the
customer''s own agent, where that one works that day, suits and has room, else for the same agent as before, else for
whom agent_for_call() finds. Calls for which there is nobody ("not_fitting"), or whose customer is called on that day
already ("already_planned"), stay as they are. In the order of the list. Returns {"rescheduled", "to", "not_fitting",
"already_planned"}; p_request_id again returns it again and does nothing. TC001 dates, TC002 priority, TC003 no
priorities, TC004 no such user, TC106 request id, TC201 agent, TC204 date not after theirs, or past (guide:
"Reschedule urgent tasks for tomorrow").';
