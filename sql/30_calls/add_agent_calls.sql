-- requires: agent_capacity, business_date

create or replace function trustcart_private.add_agent_calls(
    p_agent_ids bigint[],
    p_dates date[],
    p_planned integer[],
    p_made integer[]
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := trustcart.business_date();
    v_default integer := (select s.calls_per_agent_day from trustcart.settings as s);
    v_only bigint := case when cardinality(p_agent_ids) = 1 then p_agent_ids[1] end;
    v_refused record;
begin
    -- Who goes on leave or is deactivated meanwhile waits until these calls are there to be handed on, or is seen by
    -- the next statement.
    perform pg_advisory_xact_lock_shared(hashtextextended('trustcart.agent_days', a.agent_id))
    from (
        select distinct p.agent_id
        from unnest(p_agent_ids, p_dates, p_planned) as p (agent_id, work_date, planned)
        where p.planned > 0 and p.work_date >= v_today
        order by p.agent_id
    ) as a;

    -- One statement adds and looks: whoever is second waits for the day's row and then counts on from the first.
    with asked as materialized (
        select
            p.*,
            p.planned > 0 and p.work_date >= v_today as is_limited,
            c.agent_id is not null as is_agent,
            c.absence,
            case when p.work_date >= v_today then coalesce(c.max_calls, 0) else v_default end as cap
        from unnest(p_agent_ids, p_dates, p_planned, p_made) as p (agent_id, work_date, planned, made)
        left join (
            select
                y.work_date,
                k.agent_id,
                k.max_calls,
                k.absence
            from (select distinct x.work_date from unnest(p_dates) as x (work_date) where x.work_date >= v_today) as y
            cross join lateral trustcart_private.agent_capacity(y.work_date, v_only) as k
        ) as c
            on p.agent_id = c.agent_id and p.work_date = c.work_date
    ),

    added as (
        insert into trustcart.agent_days as d (agent_id, work_date, calls, max_calls)
        select
            a.agent_id,
            a.work_date,
            a.planned + a.made,
            greatest(a.cap, a.planned + a.made)
        from asked as a
        order by a.agent_id, a.work_date
        on conflict (agent_id, work_date) do update
        set
            calls = d.calls + excluded.calls,
            max_calls = greatest(excluded.max_calls, d.calls + excluded.calls)
        returning d.agent_id, d.work_date, d.calls
    )

    select
        a.agent_id,
        a.work_date,
        a.is_agent,
        a.absence,
        a.cap
    into v_refused
    from asked as a
    inner join added as d on a.agent_id = d.agent_id and a.work_date = d.work_date
    where a.is_limited and (not a.is_agent or a.absence is not null or d.calls > a.cap)
    order by a.agent_id, a.work_date
    limit 1;

    if not found then
        return;
    elsif not v_refused.is_agent then
        raise exception using
            errcode = 'TC201',
            message = format('user %s is not an active crm_agent', v_refused.agent_id),
            hint = 'Calls go to users with role crm_agent and is_active; without an agent a call waits in the pool.';
    elsif v_refused.absence is not null then
        raise exception using
            errcode = 'TC207',
            message = format('agent %s is away on %s: %s', v_refused.agent_id, v_refused.work_date, v_refused.absence),
            hint = 'trustcart.agent_availability() says who works; without an agent a call waits in the pool.';
    end if;
    raise exception using
        errcode = 'TC206',
        message = format('agent %s has all %s calls of %s', v_refused.agent_id, v_refused.cap, v_refused.work_date),
        hint = 'trustcart.agent_availability() says who has room; without an agent a call waits in the pool.';
end;
$$;
comment on function trustcart_private.add_agent_calls(bigint[], date[], integer[], integer[]) is
'Adds calls to days of agents, a pair (agent, date) once in the arrays: p_planned are pending, p_made were made. Pending
calls of today or later are refused to who is no active crm_agent (TC201), is away (TC207) or has no room (TC206). What
was made, and what is loaded of past days, is a fact: it is counted and raises max_calls. Locks the days in key order.';
