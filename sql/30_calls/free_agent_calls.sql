create or replace function trustcart_private.free_agent_calls(
    p_agent_ids bigint[],
    p_dates date[],
    p_calls integer[]
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    -- In key order, which an update alone would not keep.
    if cardinality(p_agent_ids) > 1 then
        perform
        from trustcart.agent_days as d
        inner join unnest(p_agent_ids, p_dates) as p (agent_id, work_date)
            on d.agent_id = p.agent_id and d.work_date = p.work_date
        order by d.agent_id, d.work_date
        for no key update of d;
    end if;
    update trustcart.agent_days as d
    set calls = d.calls - p.calls
    from unnest(p_agent_ids, p_dates, p_calls) as p (agent_id, work_date, calls)
    where d.agent_id = p.agent_id and d.work_date = p.work_date;
end;
$$;
comment on function trustcart_private.free_agent_calls(bigint[], date[], integer[]) is
'Takes calls from days of agents, a pair (agent, date) once in the arrays. Locks the days in key order.';
