-- requires: agent_capacity, agent_suits, business_date, require_date

create or replace function trustcart.reassign_agent_calls(
    p_agent_id bigint,
    p_from date,
    p_until date,
    p_why text default null,
    p_to_agent_ids bigint[] default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from date := greatest(trustcart_private.require_date(p_from), trustcart.business_date());
    v_until date := trustcart_private.require_date(p_until);
    v_why text := coalesce(nullif(btrim(p_why), ''), format('taken from agent %s', p_agent_id));
    v_run record;
    v_given integer;
    v_moved integer;
    v_reassigned integer := 0;
    v_to_pool integer := 0;
begin
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say whose calls go to others.';
    elsif not exists (select from trustcart.users as u where u.id = p_agent_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_agent_id),
            hint = 'Take the id from trustcart.users.';
    elsif v_until < p_from then
        raise exception using
            errcode = 'TC005',
            message = format('the days end on %s, before they begin on %s', v_until, p_from),
            hint = 'Give the first day and the last, which is included.';
    end if;

    -- One hands over at a time, else two who leave at once would hand their calls to each other. Then in the order in
    -- which whoever changes a task goes: tasks, agents, days. No call comes once the agent is ours, but one may have
    -- come while we waited: hence the second pass.
    perform pg_advisory_xact_lock(hashtextextended('trustcart.reassign_agent_calls', 0));
    for v_pass in 1..2 loop
        perform
        from trustcart.crm_call_tasks as t
        where
            t.assigned_agent_id = p_agent_id
            and t.task_date between v_from and v_until
            and t.status = 'pending'
        order by t.id
        for no key update;
        perform pg_advisory_xact_lock(hashtextextended('trustcart.agent_days', p_agent_id));
    end loop;
    insert into trustcart.agent_days as d (agent_id, work_date, calls, max_calls)
    select
        a.agent_id,
        y.task_date,
        0,
        a.max_calls
    from (
        select distinct t.task_date
        from trustcart.crm_call_tasks as t
        where
            t.assigned_agent_id = p_agent_id
            and t.task_date between v_from and v_until
            and t.status = 'pending'
            and t.started_at is null
    ) as y
    cross join lateral (
        select
            c.agent_id,
            c.max_calls
        from trustcart_private.agent_capacity(y.task_date) as c
        where
            c.max_calls > 0
            and c.agent_id <> p_agent_id
            and (p_to_agent_ids is null or c.agent_id = any(p_to_agent_ids))
        union all
        select
            p_agent_id,
            0
    ) as a
    order by a.agent_id, y.task_date
    on conflict (agent_id, work_date) do update set calls = d.calls;

    -- Runs of calls that ask for the same language and skill, in the order of the list: mostly one a day.
    for v_run in
        select
            r.task_date,
            r.language,
            r.skill,
            array_agg(r.id order by r.place) as task_ids
        from (
            select
                q.*,
                q.place - row_number() over (
                    partition by q.task_date, q.language, q.skill order by q.place
                ) as run
            from (
                select
                    t.id,
                    t.task_date,
                    p.language,
                    y.required_skill as skill,
                    row_number() over (
                        partition by t.task_date order by t.priority_rank, t.list_position nulls first, t.id
                    ) as place
                from trustcart.crm_call_tasks as t
                inner join trustcart.call_task_types as y on t.task_type = y.task_type
                left join trustcart.customer_contact_preferences as p on t.customer_id = p.customer_id
                where
                    t.assigned_agent_id = p_agent_id
                    and t.task_date between v_from and v_until
                    and t.status = 'pending'
                    and t.started_at is null
            ) as q
        ) as r
        group by r.task_date, r.language, r.skill, r.run
        order by r.task_date, min(r.place)
    loop
        with seats as (
            select
                a.agent_id,
                row_number() over (order by (n.seat - 1)::numeric / a.max_calls, a.agent_id) as place
            from (
                select
                    c.agent_id,
                    c.max_calls,
                    coalesce(d.calls, 0) as calls
                from trustcart_private.agent_capacity(v_run.task_date) as c
                left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = v_run.task_date
                where
                    c.agent_id <> p_agent_id
                    and (p_to_agent_ids is null or c.agent_id = any(p_to_agent_ids))
                    and c.max_calls > coalesce(d.calls, 0)
                    and trustcart_private.agent_suits(c.agent_id, v_run.language, v_run.skill)
            ) as a
            cross join lateral generate_series(
                a.calls + 1, least(a.max_calls, a.calls + cardinality(v_run.task_ids))
            ) as n (seat)
        ),

        moved as (
            update trustcart.crm_call_tasks as t
            set
                assigned_agent_id = s.agent_id,
                why_agent = case when s.agent_id is null then v_why || '; nobody has room' else v_why end,
                claimed_by = null,
                claimed_at = null
            from unnest(v_run.task_ids) with ordinality as i (task_id, place)
            left join seats as s on i.place = s.place
            where t.id = i.task_id
            returning t.assigned_agent_id
        )

        select
            count(m.assigned_agent_id),
            count(*)
        into v_given, v_moved
        from moved as m;
        v_reassigned := v_reassigned + v_given;
        v_to_pool := v_to_pool + v_moved - v_given;
    end loop;

    return jsonb_build_object('reassigned', v_reassigned, 'to_pool', v_to_pool);
end;
$$;
comment on function trustcart.reassign_agent_calls(bigint, date, date, text, bigint[]) is
'Hands the pending calls of an agent that were not begun, from today on and of the days given, the last included, to
others: day by day in the order of the list, each to the suitable agent whose day is filled the least for its size, as
long as there is room; to p_to_agent_ids alone, where given. The rest goes to the pool, unassigned. Claims are given
back; customers keep their agent. p_why is noted with each call. Returns {"reassigned", "to_pool"}. TC001 dates, TC003
no agent, TC004 no such user, TC005 days that end before they begin.';
