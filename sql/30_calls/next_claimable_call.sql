create or replace function trustcart_private.next_claimable_call(
    p_agent_id bigint,
    p_task_date date,
    p_at timestamptz,
    p_void_before timestamptz,
    p_passed bigint[],
    p_pool boolean,
    out task_id bigint,
    out customer_id bigint,
    out is_pool boolean
)
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- Each look-up is the first entry of a partial index in its order, whatever the statistics of a new list may say.
set plan_cache_mode = force_generic_plan
set enable_sort = off
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
#variable_conflict use_column
begin
    -- The hour has come: the agent's own, then anybody's.
    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id = p_agent_id
        and t.due_at <= p_at
        and t.claimed_at is null
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.due_at
    limit 1
    for no key update skip locked;
    if found then
        return;
    end if;
    if p_pool then
        -- Named in the order, for "is null" does not tell the planner that it is the same: else all is sorted.
        select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending'
            and t.task_date = p_task_date
            and t.assigned_agent_id is null
            and t.due_at <= p_at
            and t.claimed_at is null
            and (t.started_at < p_void_before) is not false
            and t.id <> all(p_passed)
        order by t.assigned_agent_id, t.due_at
        limit 1
        for no key update skip locked;
        if found then
            return;
        end if;
    end if;

    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id = p_agent_id
        and t.due_at is null
        and t.claimed_at is null
        and (t.call_from > p_at) is not true
        and (t.call_until <= p_at) is not true
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.priority_rank, t.list_position nulls first, t.id
    limit 1
    for no key update skip locked;
    if found or not p_pool then
        return;
    end if;
    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id is null
        and t.due_at is null
        and t.claimed_at is null
        and (t.call_from > p_at) is not true
        and (t.call_until <= p_at) is not true
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.assigned_agent_id, t.priority_rank, t.list_position nulls first, t.id
    limit 1
    for no key update skip locked;
end;
$$;
comment on function trustcart_private.next_claimable_call(bigint, date, timestamptz, timestamptz, bigint[], boolean) is
'The unclaimed task that an agent is to call next at p_at, locked, or null: those whose hour has come, then the
agent''s own in the order of the list, then with p_pool those of nobody. Passes over tasks out of their hours, begun
since p_void_before, named in p_passed, or locked by others.';
