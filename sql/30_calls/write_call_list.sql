-- requires: plan_daily_call_tasks, agent_capacity, cancel_overtaken_tasks, business_date

create or replace function trustcart_private.write_call_list(p_date date)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set enable_nestloop = off
set work_mem = '256MB'
as $$
declare
    v_overtaken integer;
    v_past_before date := least(p_date, trustcart.business_date());
    v_counts record;
begin
    with planned as materialized (
        select p.*
        from trustcart.plan_daily_call_tasks(p_date) as p
    ),

    carried as materialized (
        select
            p.customer_id,
            c.id,
            c.place
        from planned as p
        cross join lateral unnest(p.carried_from) with ordinality as c (id, place)
        where p.decision = 'kept'
    ),

    -- Of the calls carried on: which the new task follows, and whether another task has followed one since. The arrays
    -- lead to the indexes, whatever the join is.
    followed as materialized (
        select
            c.customer_id,
            (
                array_agg(o.id order by c.place) filter (
                    where s.id is null and o.status in ('pending', 'carried')
                )
            )[1] as predecessor_id,
            bool_or(s.id is not null) as has_successor
        from carried as c
        inner join trustcart.crm_call_tasks as o
            on c.id = o.id and o.id = any(array(select w.id from carried as w))
        left join trustcart.crm_call_tasks as s
            on c.id = s.predecessor_id and s.predecessor_id = any(array(select w.id from carried as w))
        group by c.customer_id
    ),

    -- The plan knows the day as it began; since then calls may have been made, put off or settled otherwise, and others
    -- have taken places.
    kept as materialized (
        select
            p.*,
            f.predecessor_id,
            coalesce(
                f.has_successor
                or (
                    f.predecessor_id is null
                    -- nothing but what was carried speaks for the call
                    and not exists (
                        select from jsonb_array_elements(p.reasons) as r (fact)
                        where
                            not r.fact @> '{"still_due": false}'
                    )
                ),
                false
            ) as is_settled,
            exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = p_date and t.source = 'generated'
            ) as is_there,
            exists (
                select from trustcart_private.contact_days as c
                where
                    c.customer_id = p.customer_id and c.contacted_on = p_date and c.channel = 'call' and c.contacts > 0
            ) as is_called
        from planned as p
        left join followed as f on p.customer_id = f.customer_id
        where p.decision = 'kept'
    ),

    missing as materialized (
        select
            k.*,
            k.agent_id is null or row_number() over (partition by k.agent_id order by k.list_position)
            <= a.max_calls - coalesce(d.calls, 0) as has_room
        from kept as k
        left join trustcart_private.agent_capacity(p_date) as a on k.agent_id = a.agent_id
        left join trustcart.agent_days as d on k.agent_id = d.agent_id and d.work_date = p_date
        where not k.is_there and not k.is_called and not k.is_settled
    ),

    created as (
        insert into trustcart.crm_call_tasks (
            customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons, list_position,
            call_from, call_until, due_at, why_agent, predecessor_id, first_planned_on
        )
        select
            m.customer_id,
            m.agent_id,
            m.task_type,
            m.priority,
            p_date,
            m.notes,
            'generated',
            m.reasons,
            m.list_position,
            m.call_from,
            m.call_until,
            m.due_at,
            m.why_agent,
            m.predecessor_id,
            m.first_planned_on
        from missing as m
        where m.has_room
        order by m.customer_id
        on conflict (customer_id, task_date) where source = 'generated' do nothing
        returning task_type, customer_id
    ),

    held_out as (
        insert into trustcart.call_holdouts (customer_id, task_date, task_type)
        select
            p.customer_id,
            p_date,
            p.task_type
        from planned as p
        where p.decision = 'dropped' and p.why = 'held out'
        order by p.customer_id
        on conflict (customer_id, task_date) do nothing
    ),

    -- What becomes of the calls of past days. Whoever found no place keeps waiting; the rest is settled.
    settled as (
        update trustcart.crm_call_tasks as t
        set
            status = f.fate,
            close_reason = f.reason,
            settled_on = p_date
        from (
            select
                o.id,
                case
                    when (o.id = any(p.carried_from)) is not true then 'expired'
                    when k.is_there or m.has_room then 'carried'
                    when k.is_called or (p.decision = 'dropped' and p.list_position is null) then 'expired'
                end as fate,
                case
                    when (o.id = any(p.carried_from)) is not true then 'not called in time'
                    when k.is_there or m.has_room then format('carried over to %s', p_date)
                    when k.is_called then format('called on %s', p_date)
                    else p.why
                end as reason
            from trustcart.crm_call_tasks as o
            left join planned as p on o.customer_id = p.customer_id
            left join kept as k on o.customer_id = k.customer_id
            left join missing as m on o.customer_id = m.customer_id
            where o.status = 'pending' and o.task_date < v_past_before
        ) as f
        where t.id = f.id and t.status = 'pending' and f.fate is not null
        returning t.status
    ),

    waiting as materialized (
        select p.customer_id
        from planned as p
        where
            -- Dropped with a place in the list: for want of room, not by a rule.
            p.decision = 'dropped' and p.list_position is not null
            -- A cap that was lowered since takes nobody's task away.
            and not exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = p_date and t.source = 'generated'
            )
        union all
        select m.customer_id
        from missing as m
        where not m.has_room
    ),

    begun as (
        insert into trustcart.call_waiting_list (customer_id, waiting_since)
        select
            w.customer_id,
            p_date
        from waiting as w
        where not exists (
            select from trustcart.call_waiting_list as l
            where l.customer_id = w.customer_id and l.ended_on is null
        )
        order by w.customer_id
        on conflict do nothing
    ),

    ended as (
        update trustcart.call_waiting_list as l
        set ended_on = p_date
        where
            l.ended_on is null
            and l.waiting_since < p_date
            and not exists (select from waiting as w where w.customer_id = l.customer_id)
    ),

    withdrawn as (
        delete from trustcart.call_waiting_list as l
        where
            l.ended_on is null
            and l.waiting_since = p_date
            and not exists (select from waiting as w where w.customer_id = l.customer_id)
    )

    select
        (select coalesce(jsonb_object_agg(n.task_type, n.tasks), '{}') from (
            select
                c.task_type,
                count(*) as tasks
            from created as c
            group by c.task_type
        ) as n) as breakdown,
        (select count(*) from created as c) as created,
        (select array_agg(c.customer_id) from created as c) as customer_ids,
        (select count(*) from kept as k where k.is_there) as already_there,
        (select count(*) from planned as p where p.decision = 'dropped') as dropped,
        (select count(*) from waiting as w) as no_capacity,
        (select count(*) from settled as s where s.status = 'carried') as carried,
        (select count(*) from settled as s where s.status = 'expired') as expired
    into v_counts;

    -- What an order of the day makes pointless the plan does not know: it acts on the task as on those that were there.
    v_overtaken := trustcart_private.cancel_overtaken_tasks(
        array(
            select c.id
            from trustcart.customers as c
            where c.id = any(v_counts.customer_ids) and c.last_order_date >= p_date
        )
    );

    return jsonb_build_object(
        'message', format('Generated %s call tasks for %s', v_counts.created, p_date),
        'breakdown', v_counts.breakdown,
        'task_date', p_date,
        'created', v_counts.created,
        'already_there', v_counts.already_there,
        'dropped', v_counts.dropped,
        'no_capacity', v_counts.no_capacity,
        'carried', v_counts.carried,
        'expired', v_counts.expired,
        'overtaken', v_overtaken,
        'total', (
            select count(*)
            from trustcart.crm_call_tasks as t
            where t.task_date = p_date and t.source = 'generated'
        )
    );
end;
$$;
comment on function trustcart_private.write_call_list(date) is
'Writes the plan of a date down in one statement, for generate_daily_call_tasks(), whose result it returns: the missing
tasks, the fate of the calls of past days, and who waits for a place. A call that an order of the day has overtaken is
written and cancelled. TC206 when another session takes an agent''s last
place at the same time, TC207 or TC201 when the agent goes.';
