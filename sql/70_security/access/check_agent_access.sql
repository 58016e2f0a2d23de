-- requires: is_restricted, own_agent_ids

create or replace function trustcart.check_agent_access(p_agent_id bigint)
returns void
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        trustcart_private.is_restricted()
        and p_agent_id is distinct from trustcart.current_user_id()
        and p_agent_id <> all(trustcart_private.own_agent_ids())
    then
        raise exception using
            errcode = 'TC403',
            message = format('you may not act for user %s', p_agent_id),
            hint = 'Agents act for themselves, team leaders for their team; a manager for everybody.';
    end if;
end;
$$;
comment on function trustcart.check_agent_access(bigint) is
'Refuses, with TC403, an agent who gives another one''s id. Null passes: it says nobody.';
