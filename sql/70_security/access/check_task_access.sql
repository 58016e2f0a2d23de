-- requires: is_restricted, own_agent_ids

create or replace function trustcart_private.check_task_access(p_task trustcart.crm_call_tasks)
returns void
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        trustcart_private.is_restricted()
        and not coalesce(p_task.assigned_agent_id = any(trustcart_private.own_agent_ids()), false)
        and not coalesce(p_task.claimed_by = any(trustcart_private.own_agent_ids()), false)
    then
        raise exception using
            errcode = 'TC403',
            message = format('call task %s is not one of yours', p_task.id),
            hint = 'Agents work their own calls and those they have claimed, team leaders those of the team.';
    end if;
end;
$$;
comment on function trustcart_private.check_task_access(trustcart.crm_call_tasks) is
'Refuses, with TC403, an agent the call task of another one. A leader''s team is the leader''s own.';
