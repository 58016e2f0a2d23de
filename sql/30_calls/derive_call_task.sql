create or replace function trustcart_private.derive_call_task()
returns trigger
language plpgsql
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    new.updated_at := now();
    if new.status = 'pending' then
        new.completed_at := null;
        new.closed_at := null;
        if tg_op = 'INSERT' or old.status <> 'pending' then
            new.before_outcome := null;
        elsif new.assigned_agent_id is distinct from old.assigned_agent_id
            and new.claimed_by is distinct from new.assigned_agent_id then
            -- Whose it was has nothing more to do with it.
            new.claimed_by := null;
            new.claimed_at := null;
        end if;
        if
            tg_op = 'UPDATE' and old.assigned_agent_id is not null
            and new.assigned_agent_id is distinct from old.assigned_agent_id
            and new.why_agent is not distinct from old.why_agent
        then
            new.why_agent := null;  -- it spoke of the other agent
        end if;
        return new;
    end if;

    new.claimed_by := null;
    new.claimed_at := null;
    if tg_op = 'INSERT' or old.status = 'pending' then
        -- clock_timestamp: a task may be begun and completed within one transaction.
        new.closed_at := clock_timestamp();
        new.completed_at := case when new.status = 'completed' then new.closed_at end;
        new.before_outcome := case
            when tg_op = 'UPDATE' and new.status in ('completed', 'skipped') then jsonb_build_object(
                'assigned_agent_id', old.assigned_agent_id,
                'why_agent', old.why_agent,
                'outcome', old.outcome,
                'notes', old.notes,
                'follow_up_date', old.follow_up_date,
                'close_reason', old.close_reason,
                'due_at', old.due_at,
                'started_at', old.started_at,
                'claimed_by', old.claimed_by,
                'claimed_at', old.claimed_at
            )
        end;
    else
        new.closed_at := old.closed_at;
        new.completed_at := case when new.status = 'completed' then coalesce(old.completed_at, clock_timestamp()) end;
        -- Kept, unless it is forgotten together with the notes.
        new.before_outcome := case
            when new.before_outcome is not null or new.notes is not null then old.before_outcome
        end;
    end if;
    return new;
end;
$$;
comment on function trustcart_private.derive_call_task() is
'Trigger: completed_at, closed_at and updated_at of a task follow from its status, whatever values were supplied. A
task that leaves pending is nobody''s claim any more, and remembers in before_outcome what it was; one that goes to
another agent loses the claim of the first.';
