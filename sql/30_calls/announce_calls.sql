create or replace function trustcart_private.announce_calls()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- An agent a notification: Postgres sends equal ones of a transaction once, and none can grow too long.
    if tg_op = 'UPDATE' then
        perform pg_notify('trustcart_calls', coalesce(a.agent_id::text, 'pool'))
        from (
            select unnest(array[old.assigned_agent_id, new.assigned_agent_id])
            union
            select unnest(array[old.claimed_by, new.claimed_by])
        ) as a (agent_id)
        where a.agent_id is not null or coalesce(old.assigned_agent_id, new.assigned_agent_id) is null;
    elsif tg_op = 'INSERT' then
        perform pg_notify('trustcart_calls', coalesce(a.agent_id::text, 'pool'))
        from (
            select n.assigned_agent_id from new_rows as n
            union
            select n.claimed_by from new_rows as n
            where n.claimed_by is not null
        ) as a (agent_id);
    elsif tg_op = 'DELETE' then
        perform pg_notify('trustcart_calls', coalesce(a.agent_id::text, 'pool'))
        from (
            select o.assigned_agent_id from old_rows as o
            union
            select o.claimed_by from old_rows as o
            where o.claimed_by is not null
        ) as a (agent_id);
    else
        perform pg_notify('trustcart_calls', '*');
    end if;
    return null;
end;
$$;
comment on function trustcart_private.announce_calls() is
'Trigger of crm_call_tasks: tells whoever listens on the channel trustcart_calls, when the transaction commits, whose
calls changed: the id of an agent, pool for calls of nobody, * for all. It says nothing else: who is told asks again,
and is answered what the asker may see.';
