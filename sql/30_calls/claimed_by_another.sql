create or replace function trustcart_private.claimed_by_another(
    p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamptz
)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select p_task.claimed_by
        from trustcart.settings as s
        where
            p_task.claimed_by <> p_agent_id
            and greatest(p_task.claimed_at, p_task.started_at) >= p_at - s.claim_timeout
    );
end;
$$;
comment on function trustcart_private.claimed_by_another(trustcart.crm_call_tasks, bigint, timestamptz) is
'The other agent whose claim on a task holds at an instant; null when there is none. A claim holds for
settings.claim_timeout, from when the call was claimed or, if later, begun.';
