-- requires: check_agent_access

create or replace function trustcart_private.require_agent(p_agent_id bigint)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user trustcart.users;
begin
    select u.* into v_user from trustcart.users as u where u.id = p_agent_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', coalesce(p_agent_id::text, 'null')),
            hint = 'Take the id from trustcart.users.';
    elsif v_user.role <> 'crm_agent' or not v_user.is_active then
        raise exception using
            errcode = 'TC201',
            message = format('user %s is not an active crm_agent', p_agent_id),
            hint = 'Calls go to users with role crm_agent and is_active.';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    return p_agent_id;
end;
$$;
comment on function trustcart_private.require_agent(bigint) is
'The id given, if it is that of an active crm_agent. TC004 when there is no such user, TC201 when it is another,
TC403 when an agent gives that of somebody else.';
