create or replace function trustcart.check_agent_days()
returns table (agent_id bigint, work_date date, calls integer, counted integer)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        coalesce(d.agent_id, t.agent_id),
        coalesce(d.work_date, t.work_date),
        coalesce(d.calls, 0),
        coalesce(t.counted, 0)
    from trustcart.agent_days as d
    full join (
        select
            c.assigned_agent_id as agent_id,
            c.task_date as work_date,
            count(*)::integer as counted
        from trustcart.crm_call_tasks as c
        where c.assigned_agent_id is not null and c.status not in ('skipped', 'cancelled')
        group by c.assigned_agent_id, c.task_date
    ) as t
        on d.agent_id = t.agent_id and d.work_date = t.work_date
    where coalesce(d.calls, 0) <> coalesce(t.counted, 0)
    order by 1, 2;
end;
$$;
comment on function trustcart.check_agent_days() is
'Days of agents whose calls in agent_days are not those counted in crm_call_tasks. No rows is right; a row is a bug, or
a table written with its triggers off.';
